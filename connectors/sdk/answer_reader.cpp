// connectors/sdk/answer_reader.cpp - an answer is data only where it proves to be: well-formed, successful by its own
// words, with the place where the records stand.
#include "connectors/sdk/answer_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "connectors/sdk/answer_form.hpp"
#include "connectors/sdk/faults.hpp"
#include "gateway/base/mask.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/formats/text/lower_case.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

namespace {

/// An answer's text as UTF-8, by what is found in it (files that were pulled: BOM, UTF-8, GB 18030).
Result<std::string> textOf(std::string_view body, bool is_xml) {
    MemorySource source(body);
    const auto found = findEncoding(source, is_xml ? declaredInXml(body.substr(0, 256)) : std::string_view());
    if (!found) return found.error();
    return toUtf8(body, *found);
}

/// Of a few digits and single letters, as codes are (A0001, E-5): no name, as of two letters side by side, and no
/// number of a person.
std::string shownCode(const std::string& value) {
    constexpr std::size_t kCode = 5;
    const auto isLetter = [](char c) { return c >= 'A' && c <= 'Z'; };
    const bool is_code =
        value.size() <= kCode &&
        std::all_of(value.begin(), value.end(),
                    [&](char c) { return (c >= '0' && c <= '9') || isLetter(c) || c == '-' || c == '_'; }) &&
        std::adjacent_find(value.begin(), value.end(),
                           [&](char one, char next) { return isLetter(one) && isLetter(next); }) == value.end();
    return is_code ? value : masked(value);
}

bool looksLikeHtml(std::string_view body) {
    const std::string begin = lowerCase(body.substr(0, 512));
    return begin.find("<!doctype html") != std::string::npos || begin.find("<html") != std::string::npos;
}

}  // namespace

std::string shortDigest(std::string_view text) {
    return toHex(sha256(text).bytes).substr(0, 32);
}

std::string AnswerReader::settingsMembers(const std::string& usual_format) {
    return R"("format":{"type":"string","enum":["json","xml"],"default":")" + usual_format + R"(",
  "description":"of the answers: decides the language of the expressions, JSONPath or XPath"},
"records":{"type":"string","minLength":1,"description":"the records in an answer","examples":["$.data.items[*]","/Result/Cases/Case"]},
"total":{"type":"string","description":"the source's own count of the whole set","examples":["$.data.total"]},
"success":{"type":"object","additionalProperties":false,"description":"where an answer itself says whether it worked","properties":{
  "at":{"type":"string","minLength":1,"description":"the member, for example $.code"},
  "values":{"type":"array","items":{"type":"string"},"description":"those that mean success, for example \"0\""},
  "message":{"type":"string","description":"where the reason stands, otherwise"}},"required":["at","values"]},
"namespaces":{"type":"object","additionalProperties":{"type":"string"},"description":"of XPath: prefix and name"})";
}

AnswerReader::AnswerReader(const SettingsTree& settings, const std::string& next, const std::string& time,
                           bool compares_pages)
    : is_xml_(settings.text("format") == "xml"), has_success_(settings.has("success")) {
    if (!settings.has("records")) settings.refuse("records", "it is missing", "say where an answer has its records");
    const SettingsTree success = settings.in("success");
    AnswerExpressions expressions{
        settings.text("records"), settings.text("total"), success.text("at"), success.text("message"), next, time};
    expressions.compares_pages = compares_pages;
    has_total_ = !expressions.total.empty();
    good_values_ = success.texts("values");
    const SettingsTree namespaces = settings.in("namespaces");
    for (const std::string& prefix : namespaces.names())
        expressions.namespaces.emplace_back(prefix, namespaces.text(prefix));
    const RefuseExpression refuse = [&](const char* setting, const std::string& why) {
        settings.refuse(setting, why, "write it as in a mapping: JSONPath for json, XPath for xml");
    };
    form_ = is_xml_ ? makeXmlForm(expressions, refuse) : makeJsonForm(expressions, refuse);
    media_type_ = is_xml_ ? "application/xml" : "application/json";
    if (!form_->knowsList() && expressions.total.empty() && !has_success_) {
        settings.refuse("records", "with this expression an empty page looks like an error page",
                        "end it with [*] (or a plain XML step), or give `total` or `success`");
    }
}

AnswerReader::~AnswerReader() = default;
AnswerReader::AnswerReader(AnswerReader&&) noexcept = default;

AnswerFacts AnswerReader::read(std::string_view body, const std::string& where, bool is_first) {
    const auto text = textOf(body, is_xml_);
    const auto looked = text.ok() ? form_->look(*text) : Result<Done>(text.error());
    if (!looked) {
        const std::string found =
            looksLikeHtml(body) ? "an HTML page" : fmt::format("{} {}", looked.error().code, looked.error().where);
        throw transientFault("answer_malformed", where, fmt::format("no {}: {}", is_xml_ ? "XML" : "JSON", found),
                             "look at the address with a browser; if it lasts, tell the department");
    }
    mustSucceed(where);
    AnswerFacts facts;
    if (const auto total = form_->text(AnswerQuestion::Total)) {
        std::uint64_t count = 0;
        const auto [at, error] = std::from_chars(total->data(), total->data() + total->size(), count);
        const bool is_count = error == std::errc() && at == total->data() + total->size() && count <= kCountMost;
        if (is_count) facts.total = count;
        if (!is_count) facts.no_total = "it says " + masked(*total);
    } else if (has_total_) {
        facts.no_total = "nothing stands there";
    }
    facts.next = form_->text(AnswerQuestion::Next).value_or("");
    if (facts.next == "false") facts.next.clear();
    form_->describeRecords(facts);
    if (facts.records == 0 && !has_success_) {
        const bool may_be_end = !is_first && form_->hasList();
        if (const std::string failure = form_->saidFailure(may_be_end); !failure.empty())
            throw transientFault("source_failed", where, "it gave no record, and its own answer says " + failure,
                                 "if it lasts, tell the department; `success` says by which values it works");
        if (may_be_end) facts.said_failure = form_->saidFailure(false);
    }
    const bool proved =
        facts.records != 0 || (form_->knowsList() ? form_->hasList() : has_success_ || facts.total == 0);
    if (!proved && facts.total != 0) {
        throw transientFault("records_missing", where, "the answer has no place where the records would stand",
                             "compare an answer with `records`; if it is right, tell the department");
    }
    return facts;
}

bool AnswerReader::looksWhole(std::string_view body) const {
    constexpr std::string_view kSpace = " \t\r\n", kMark = "\xef\xbb\xbf";
    if (body.starts_with(kMark)) body.remove_prefix(kMark.size());
    const std::size_t first = body.find_first_not_of(kSpace), last = body.find_last_not_of(kSpace);
    if (first == std::string_view::npos || first == last || looksLikeHtml(body)) return false;
    const char begin = body[first], end = body[last];
    return is_xml_ ? begin == '<' && end == '>' : (begin == '{' && end == '}') || (begin == '[' && end == ']');
}

void AnswerReader::mustSucceed(const std::string& where) {
    if (!has_success_) return;
    const auto value = form_->text(AnswerQuestion::Success);
    if (value && std::find(good_values_.begin(), good_values_.end(), *value) != good_values_.end()) return;
    const std::string reason = form_->text(AnswerQuestion::Message).value_or("");
    throw transientFault("source_failed", where,
                         fmt::format("its own answer says {}{}{}", value ? shownCode(*value) : "nothing of success",
                                     reason.empty() ? "" : ": ", withNamesMasked(reason.substr(0, 200))),
                         "if it lasts, tell the department");
}

}  // namespace caseway
