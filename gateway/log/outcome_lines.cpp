// gateway/log/outcome_lines.cpp - one line a record and the tree over them.
#include "gateway/log/outcome_lines.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "gateway/base/hex_blocks.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/merkle/hash.hpp"

namespace caseway {
namespace {

constexpr std::size_t kLineMax = 64 * 1024;
constexpr std::size_t kAlsoMax = 16 * 1024;  ///< of the further mistakes in a line

void appendMember(std::string_view name, std::string_view value, std::string& out) {
    if (value.empty()) return;
    if (out.back() != '{') out += ',';
    out += '"';
    out += name;
    out += "\":";
    appendJsonString(value, out);
}

/// `name`: with the comma before it, e.g. `,"case":`. The first member has none.
void appendName(std::string_view name, std::string& out) {
    out += name.substr(out.back() == '{' ? 1 : 0);
}

/// A text in which nothing is to be escaped; `name` as above, and a quote.
void appendPlain(std::string_view name, std::string_view value, std::string& out) {
    appendName(name, out);
    out += value;
    out += '"';
}

void appendNumber(std::string_view name, std::uint64_t value, std::string& out) {
    if (value == 0) return;
    appendName(name, out);
    char digits[20];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

template <class Number>
bool readNumber(const JsonValue& value, Number& out) {
    const char* end = value.text.data() + value.text.size();
    return value.type == JsonValue::Type::Number && std::from_chars(value.text.data(), end, out).ptr == end &&
           out > 0 && out < Number{1} << 53;
}

/// "leaf/record".
bool readRepeats(std::string_view text, RecordTrace& out) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto index = decimalFrom(text.substr(0, slash));
    const auto record = decimalFrom(text.substr(std::min(slash + 1, text.size())));
    if (!index || !record || *record == 0) return false;
    out.repeats_index = *index;
    out.repeats_record = *record;
    return true;
}

bool readOutcome(const JsonValue& value, RecordOutcome& out) {
    for (int i = 0; i <= static_cast<int>(RecordOutcome::Refused); ++i) {
        out = static_cast<RecordOutcome>(i);
        if (nameOf(out) == value.text) return true;
    }
    return false;
}

/// `,"also":[{…},…]`: the further mistakes of a record, as many as fit.
void appendAlso(const Refusal& why, std::string& out) {
    std::string also;
    for (const Refusal& further : why.also) {
        std::string item = "{";
        appendMember("code", further.code, item);
        appendMember("hint", further.hint, item);
        appendMember("rule", further.rule, item);
        appendMember("value", further.value, item);
        appendMember("where", further.where, item);
        if (also.size() + item.size() > kAlsoMax) break;
        also += also.empty() ? "" : ",";
        also += item + "}";
    }
    if (also.empty()) return;
    if (out.back() != '{') out += ',';
    out += "\"also\":[" + also + "]";
}

std::string textOf(const JsonValue& refusal, std::string_view name) {
    const JsonValue* member = refusal.find(name);
    return member == nullptr ? std::string() : std::string(member->text);
}

Refusal refusalIn(const JsonValue& object, std::optional<std::uint64_t> record) {
    return {textOf(object, "code"), textOf(object, "where"), textOf(object, "value"),
            textOf(object, "rule"), textOf(object, "hint"),  record};
}

/// The mistakes that a line tells, its further ones behind the first; none where the record was taken.
void addRefusalsIn(std::string_view line, std::size_t most, std::vector<Refusal>& refusals) {
    if (line.find(R"("outcome":"refused")") == std::string_view::npos) return;
    thread_local JsonTree tree;
    const auto value = parseJson(line, JsonLimits{}, tree);
    if (!value) return;
    std::optional<std::uint64_t> ordinal;
    std::uint64_t number = 0;
    if (const JsonValue* record = (*value)->find("record"); record != nullptr && readNumber(*record, number))
        ordinal = number;
    refusals.push_back(refusalIn(**value, ordinal));
    const JsonValue* also = (*value)->find("also");
    for (std::uint32_t i = 0; also != nullptr && i < also->count && refusals.size() < most; ++i)
        refusals.push_back(refusalIn(also->items[i], ordinal));
}

}  // namespace

void appendOutcomeLine(std::uint64_t record, RecordOutcome outcome, std::string_view case_no, const RecordTrace& trace,
                       const Refusal* refusal, std::string& out) {
    static const Refusal kNone;
    const Refusal& why = refusal != nullptr ? *refusal : kNone;
    out += '{';
    appendNumber(",\"absorbed\":", static_cast<std::uint64_t>(trace.absorbed), out);
    appendNumber(",\"absorbed_change\":", trace.absorbed_change, out);
    appendNumber(",\"alias\":", static_cast<std::uint64_t>(trace.alias), out);
    appendAlso(why, out);
    appendNumber(",\"case\":", static_cast<std::uint64_t>(trace.case_id), out);
    appendMember("case_no", case_no, out);
    appendNumber(",\"change\":", trace.change, out);
    appendMember("code", why.code, out);
    appendMember("hint", why.hint, out);
    appendPlain(",\"outcome\":\"", nameOf(outcome), out);
    if (trace.patch) appendPlain(",\"patch\":\"", textOf(hexDigits(*trace.patch)), out);
    appendNumber(",\"record\":", record, out);
    if (trace.repeats_record != 0) {
        char key[41];
        char* at = std::to_chars(key, key + 20, trace.repeats_index).ptr;
        *at++ = '/';
        at = std::to_chars(at, key + sizeof key, trace.repeats_record).ptr;
        appendPlain(",\"repeats\":\"", {key, static_cast<std::size_t>(at - key)}, out);
    }
    appendMember("rule", why.rule, out);
    appendMember("value", why.value, out);
    appendMember("where", why.where, out);
    out += "}\n";
}

std::optional<OutcomeLine> parseOutcomeLine(std::string_view text) {
    thread_local JsonTree tree;
    if (text.size() > kLineMax) return std::nullopt;
    const auto value = parseJson(text, JsonLimits{}, tree);
    if (!value || (*value)->type != JsonValue::Type::Object) return std::nullopt;
    OutcomeLine line;
    bool named = false;
    for (std::uint32_t i = 0; i < (*value)->count; ++i) {
        const auto& [name, member] = (*value)->members[i];
        bool good = true;
        if (name == "absorbed")
            good = readNumber(member, line.trace.absorbed);
        else if (name == "absorbed_change")
            good = readNumber(member, line.trace.absorbed_change);
        else if (name == "alias")
            good = readNumber(member, line.trace.alias);
        else if (name == "case")
            good = readNumber(member, line.trace.case_id);
        else if (name == "change")
            good = readNumber(member, line.trace.change);
        else if (name == "record")
            good = readNumber(member, line.record);
        else if (name == "case_no")
            line.case_no = member.text;
        else if (name == "patch")
            good = fromHex(member.text, line.trace.patch.emplace().bytes);
        else if (name == "repeats")
            good = readRepeats(member.text, line.trace);
        else if (name == "outcome")
            named = readOutcome(member, line.outcome);
        if (!good) return std::nullopt;
    }
    if (!named || line.record == 0) return std::nullopt;
    return line;
}

void OutcomeLines::add(std::uint64_t record, RecordOutcome outcome, std::string_view case_no, const RecordTrace& trace,
                       const Refusal* refusal) {
    const std::size_t start = lines_.size();
    appendOutcomeLine(record, outcome, case_no, trace, refusal, lines_);
    tree_.append(leafHash(std::string_view(lines_).substr(start, lines_.size() - start - 1)));
}

std::string_view OutcomeLines::savedIn(std::string_view carried) {
    const std::size_t end = carried.find('\n');
    return end == std::string_view::npos ? carried : carried.substr(end + 1);
}

std::optional<OutcomeLines> OutcomeLines::load(std::string_view state) {
    auto tree = CompactTree::load(state);
    if (!tree) return std::nullopt;
    OutcomeLines lines;
    lines.tree_ = std::move(*tree);
    return lines;
}

std::vector<Refusal> refusalsIn(ByteSource& lines, std::size_t most) {
    std::vector<Refusal> refusals;
    std::string rest;
    std::array<char, 64 * 1024> buffer;
    while (refusals.size() < most) {
        const std::size_t count = lines.read(buffer);
        if (count == 0) break;
        rest.append(buffer.data(), count);
        std::size_t at = 0;
        for (std::size_t end; refusals.size() < most && (end = rest.find('\n', at)) != std::string::npos; at = end + 1)
            addRefusalsIn(std::string_view(rest).substr(at, end - at), most, refusals);
        rest.erase(0, at);
        if (rest.size() > kLineMax) break;  // no line of ours
    }
    return refusals;
}

void OutcomeLinesReader::add(std::string_view piece) {
    for (std::size_t end; (end = piece.find('\n')) != std::string_view::npos; piece.remove_prefix(end + 1)) {
        if (rest_.empty()) {
            line(piece.substr(0, end));
        } else {
            rest_ += piece.substr(0, end);
            line(rest_);
            rest_.clear();
        }
    }
    // A line without end is cut off here: it is wrong already, and must not fill the memory.
    if (rest_.size() <= kLineMax) rest_ += piece;
}

void OutcomeLinesReader::line(std::string_view text) {
    tree_.append(leafHash(text));
    const auto line = parseOutcomeLine(text);
    well_formed_ = well_formed_ && line && line->record == tree_.size();
    if (!line) return;
    counts_.add(line->outcome);
    if (each_) each_(*line);
}

OutcomeLinesReader::Found OutcomeLinesReader::finish() {
    return {tree_.root(), counts_, tree_.save(), tree_.size(), well_formed_ && rest_.empty()};
}

}  // namespace caseway
