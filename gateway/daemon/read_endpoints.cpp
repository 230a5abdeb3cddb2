// gateway/daemon/read_endpoints.cpp - reading messages, cases and changes.
#include "gateway/daemon/read_endpoints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "gateway/base/mask.hpp"
#include "gateway/daemon/endpoint_handler.hpp"
#include "gateway/daemon/operating_log.hpp"
#include "gateway/domain/case_schema.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/log/leaf.hpp"
#include "gateway/pipeline/taken_answer.hpp"
#include "gateway/record/case_lookup.hpp"
#include "gateway/record/case_view.hpp"

namespace caseway {
namespace {

constexpr std::size_t kDefaultPage = 100;
constexpr std::size_t kLargestPage = 1000;
constexpr std::size_t kPageBytes = 1024 * 1024;  ///< a page that has so many ends before its limit
constexpr std::size_t kRowsAtOnce = 50;          ///< cases in memory; one may have a megabyte
constexpr std::size_t kScanned = 1000;           ///< rows looked at for one page of a feed that shows only some of them
constexpr std::size_t kCasesScanned = 10'000;    ///< rows looked at for one page of the cases in a status

Response refused(int status, Refusal refusal) {
    return responseOf(problemAnswer(status, refusal));
}

Response badParameter(std::string_view name, std::string_view rule) {
    return refused(
        400,
        {"bad_parameter", std::string(name), {}, std::string(rule), "GET /openapi.json describes the parameters", {}});
}

constexpr std::string_view kParameters[] = {"after", "limit", "status", "source_case_no", "deleted"};

/// The parameters that an endpoint knows, parsed.
struct Page {
    std::uint64_t after = 0;
    std::size_t limit = kDefaultPage;
    std::string status, source_case_no;
    bool deleted = false;
};

bool number(std::string_view text, std::uint64_t most, std::uint64_t& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && value <= most;
}

/// What no record can have in this field finds nothing by mistake; an empty one would find everything.
bool fits(std::string_view field, std::string_view value) {
    return !value.empty() && isUtf8(value) && ruleBrokenBy(fieldNamed(field).value(), value).empty();
}

Result<Page, Response> pageOf(const RequestHead& head, bool of_cases) {
    const auto parameters = queryParameters(head.query());
    if (!parameters) return badParameter("query", "each parameter once, percent-encoded");
    Page page;
    for (const auto& [name, value] : *parameters) {
        std::uint64_t parsed = 0;
        if (name == "after" && number(value, INT64_MAX, parsed)) {
            page.after = parsed;
        } else if (name == "limit" && number(value, kLargestPage, parsed) && parsed != 0) {
            page.limit = parsed;
        } else if (of_cases && name == "status" && fits(name, value)) {
            page.status = value;
        } else if (of_cases && name == "source_case_no" && fits(name, value)) {
            page.source_case_no = value;
        } else if (of_cases && name == "deleted" && (value == "true" || value == "false")) {
            page.deleted = value == "true";
        } else {
            const bool is_known =
                std::find(std::begin(kParameters), std::end(kParameters), name) != std::end(kParameters);
            return badParameter(is_known ? name : masked(name), "not a parameter of this path, or not such a value");
        }
    }
    return page;
}

/// A path that names one thing takes none: one that asks for more would be answered something else.
std::optional<Response> anyParameter(const RequestHead& head) {
    const auto parameters = queryParameters(head.query());
    if (!parameters) return badParameter("query", "each parameter once, percent-encoded");
    if (parameters->empty()) return std::nullopt;
    return badParameter(masked(parameters->front().first), "this path has no parameters");
}

Response notFound(std::string_view what) {
    return refused(404, {"not_found",
                         std::string(what),
                         {},
                         "nothing of this name that you may read",
                         "check the number; a grant may be missing",
                         {}});
}

}  // namespace

void ReadEndpoints::Shown::add(std::string number) {
    if (count++ == 0) first = number;
    last = std::move(number);
}

/// What a system was shown, it was shown with all that is personal: the operating log keeps who, what and when.
Endpoint ReadEndpoints::reading(const EndpointAddress& address, std::string_view what, Reading action) {
    return {address, [this, what, action](Request request, std::string argument, Responder responder) {
                const auto who = identifyReader(request.head, verifier_);
                if (!who) {
                    responder.answer(refused(who.error().http_status, who.error().refusal));
                    return;
                }
                Shown shown;
                Response response = (this->*action)(*who, request.head, argument, shown);
                if (logsInformation())
                    logInformation("read", {{"system", who->system.text()},
                                            {"what", what},
                                            {"status", std::to_string(response.status)},
                                            {"shown", std::to_string(shown.count)},
                                            {"first", shown.first},
                                            {"last", shown.last}});
                responder.answer(std::move(response));
            }};
}

std::vector<Endpoint> ReadEndpoints::endpoints() {
    return {reading(kGetMessage, "message", &ReadEndpoints::message),
            reading(kGetCases, "cases", &ReadEndpoints::cases), reading(kGetCase, "case", &ReadEndpoints::oneCase),
            reading(kGetChanges, "changes", &ReadEndpoints::changes)};
}

/// Of one sender: the message that keeps the id, else the newest that was refused under it.
std::optional<MessageRow> ReadEndpoints::newestUnder(const SystemId& sender, const MessageId& id) {
    auto row = reader_.message(sender, id);
    return row ? row : reader_.refusedMessage(sender, id);
}

/// Ids belong to their sender: the reader's own system first, then the others that it may read, then those that are
/// registered no more.
std::optional<MessageRow> ReadEndpoints::findMessage(const ReaderIdentity& who, const MessageId& id) {
    if (auto own = newestUnder(who.system, id)) return own;
    const auto known = register_.current();  // a reload lets go of it
    for (const RegisteredSystem* system : known->allSystems())
        if (who.mayReadMessagesOf(*system))
            if (auto row = newestUnder(system->id, id)) return row;
    return findOfFormer(who, known, id);
}

/// A system that was taken out leaves what it sent to its department. The register does not know it any more: whose it
/// was is what the leaf says, so that another department that came by the name later reads nothing of it.
std::optional<MessageRow> ReadEndpoints::findOfFormer(const ReaderIdentity& who,
                                                      const std::shared_ptr<const KeyRing>& known,
                                                      const MessageId& id) {
    for (const SystemId& sender : former_.under(known)) {
        auto message = newestUnder(sender, id);
        if (!message) continue;
        const auto leaf = parseLeaf(reader_.leaf(message->index).value_or(""));
        if (leaf && who.mayReadMessagesOf(leaf->department)) return message;
    }
    return std::nullopt;
}

Response ReadEndpoints::message(const ReaderIdentity& who, const RequestHead& head, const std::string& id_text,
                                Shown& shown) {
    if (auto refusal = anyParameter(head)) return std::move(*refusal);
    const auto id = MessageId::parse(id_text);
    if (!id) return badParameter("id", "a UUID");
    const auto row = findMessage(who, *id);
    if (!row) return notFound("id");
    shown.add(id->text());
    const std::string receipt = firstReceipt(log_, reader_, row->outcome_index.value_or(row->index));
    return jsonResponse(
        fmt::format(R"({{"receipt":{},"message_id":"{}","sender":"{}","received_at":"{}","log_index":{},{}}})", receipt,
                    id->text(), row->sender->text(), toRfc3339(row->received_at), row->index, row->answer));
}

Response ReadEndpoints::cases(const ReaderIdentity& who, const RequestHead& head, const std::string&, Shown& shown) {
    auto page = pageOf(head, true);
    if (!page) return std::move(page).error();
    CaseFilter filter;
    who.restrict(filter);
    filter.source_case_no = page->source_case_no;
    filter.include_deleted = page->deleted;
    filter.after = static_cast<CaseId>(page->after);
    std::string body = R"({"cases":[)";
    bool is_last = false;
    std::size_t scanned = 0;  // a status that few have would have all cases looked at, so it is looked for here
    for (std::size_t left = page->limit;
         !is_last && left != 0 && scanned < kCasesScanned && body.size() < kPageBytes;) {
        filter.limit = page->status.empty() ? std::min(left, kRowsAtOnce) : kRowsAtOnce;
        const auto rows = reader_.cases(filter);
        is_last = rows.size() != filter.limit;
        scanned += rows.size();
        for (std::size_t i = 0; i < rows.size(); ++i) {
            filter.after = rows[i].id;
            if (!page->status.empty() && rows[i].status != page->status) continue;
            appendCase(who, rows[i], body, shown);
            if ((--left != 0 && body.size() < kPageBytes) || i + 1 == rows.size()) continue;
            is_last = false;
            break;
        }
    }
    filter.status = page->status;
    // A case is listed under its owner's number. Another system that reports it, as the department's own behind a
    // window's, looks for it by its own.
    if (is_last && !filter.source_case_no.empty())
        for (const CaseRow& row : casesBehindAliases(reader_, *register_.current(), filter))
            appendCase(who, row, body, shown);
    body += ']';
    if (!is_last) body += fmt::format(R"(,"next":{})", filter.after);
    return jsonResponse(body + "}");
}

/// One case of a list as JSON; nothing where the reader may not see it.
void ReadEndpoints::appendCase(const ReaderIdentity& who, const CaseRow& row, std::string& body, Shown& shown) {
    if (isAlias(row) || !who.mayRead(row)) return;
    if (body.back() != '[') body += ',';
    body += R"({"case_no":)";
    const std::string number = numbers_.of(row);
    appendJsonString(number, body);
    body += fmt::format(R"(,"deleted":{},"record":{}}})", row.deleted,
                        recordJsonOf(reader_, row, numbers_, Show::Unmasked));
    shown.add(number);
}

Response ReadEndpoints::oneCase(const ReaderIdentity& who, const RequestHead& head, const std::string& no,
                                Shown& shown) {
    if (auto refusal = anyParameter(head)) return std::move(*refusal);
    const auto row = caseOfNumber(reader_, numbers_, no);
    if (!row || !who.mayRead(*row)) return notFound("no");
    std::string body;
    CaseView view = viewOf(reader_, *row, numbers_, Show::Unmasked);
    view.vanished = reader_.vanished(row->id);
    appendViewJson(view, body);
    shown.add(view.case_no);
    return jsonResponse(std::move(body));
}

/// One change as JSON; empty where the reader may not see it.
std::string ReadEndpoints::changeJson(const ReaderIdentity& who, const ChangeRow& change) {
    auto row = reader_.caseById(change.case_id);
    if (!row) return {};
    *row = behindAlias(reader_, std::move(*row));
    if (!who.mayRead(*row)) return {};
    const auto message = reader_.message(change.index);
    std::string out = fmt::format(R"({{"number":{},"case_no":)", change.number);
    appendJsonString(numbers_.of(*row), out);
    if (message && message->message_id) out += fmt::format(R"(,"message_id":"{}")", message->message_id->text());
    if (message && message->sender) out += fmt::format(R"(,"sender":"{}")", message->sender->text());
    out += fmt::format(R"(,"log_index":{},"record":{})", change.index, change.record);
    if (const auto patch = reader_.patch(change.index, change.record)) out += R"(,"patch":)" + patch->patch;
    return out + "}";
}

Response ReadEndpoints::changes(const ReaderIdentity& who, const RequestHead& head, const std::string&, Shown& shown) {
    auto page = pageOf(head, false);
    if (!page) return std::move(page).error();
    if (page->after > reader_.lastChange())
        return badParameter("after", "at most the number of the last change: one that this feed has told");
    std::string body = R"({"changes":[)";
    ChangeNo after = page->after;
    std::size_t scanned = 0;
    for (bool more = true; more && shown.count < page->limit && scanned < kScanned && body.size() < kPageBytes;) {
        const auto rows = reader_.changes(after, page->limit);
        more = rows.size() == page->limit;
        for (const ChangeRow& change : rows) {
            if (shown.count == page->limit || body.size() >= kPageBytes) break;
            after = change.number;
            ++scanned;
            const std::string json = changeJson(who, change);
            if (json.empty()) continue;
            body += (shown.count == 0 ? "" : ",") + json;
            shown.add(std::to_string(change.number));
        }
    }
    return jsonResponse(body + fmt::format(R"(],"next":{}}})", after));
}

}  // namespace caseway
