// gateway/log/outcome_lines.cpp - one line a record and the tree over them.
#include "gateway/log/outcome_lines.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "gateway/formats/json/document.hpp"
#include "gateway/formats/merkle/hash.hpp"

namespace caseway {
namespace {

constexpr std::size_t kLineMax = 64 * 1024;

void appendMember(std::string_view name, std::string_view value, std::string& out) {
    if (value.empty()) return;
    if (out.back() != '{') out += ',';
    out += '"';
    out += name;
    out += "\":";
    appendJsonString(value, out);
}

}  // namespace

void appendOutcomeLine(std::uint64_t record, RecordOutcome outcome, std::string_view case_no, const Refusal* refusal,
                       std::string& out) {
    static const Refusal kNone;
    const Refusal& why = refusal != nullptr ? *refusal : kNone;
    out += '{';
    appendMember("case_no", case_no, out);
    appendMember("code", why.code, out);
    appendMember("hint", why.hint, out);
    appendMember("outcome", nameOf(outcome), out);
    out += ",\"record\":";
    out += std::to_string(record);
    appendMember("rule", why.rule, out);
    appendMember("value", why.value, out);
    appendMember("where", why.where, out);
    out += "}\n";
}

void OutcomeLines::add(std::uint64_t record, RecordOutcome outcome, std::string_view case_no, const Refusal* refusal) {
    const std::size_t start = lines_.size();
    appendOutcomeLine(record, outcome, case_no, refusal, lines_);
    tree_.append(leafHash(std::string_view(lines_).substr(start, lines_.size() - start - 1)));
}

std::optional<OutcomeLines> OutcomeLines::load(std::string_view state) {
    auto tree = CompactTree::load(state);
    if (!tree) return std::nullopt;
    OutcomeLines lines;
    lines.tree_ = std::move(*tree);
    return lines;
}

std::vector<Refusal> refusalsIn(std::string_view lines, std::size_t most) {
    std::vector<Refusal> refusals;
    JsonTree tree;
    while (!lines.empty() && refusals.size() < most) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + 1, lines.size()));
        if (line.find(R"("outcome":"refused")") == std::string_view::npos) continue;
        const auto value = parseJson(line, JsonLimits{}, tree);
        if (!value) continue;
        const auto text = [&value](std::string_view name) {
            const JsonValue* member = (*value)->find(name);
            return member == nullptr ? std::string() : std::string(member->text);
        };
        Refusal refusal{text("code"), text("where"), text("value"), text("rule"), text("hint"), {}};
        const std::string record = text("record");
        std::uint64_t ordinal = 0;
        if (std::from_chars(record.data(), record.data() + record.size(), ordinal).ec == std::errc())
            refusal.record = ordinal;
        refusals.push_back(std::move(refusal));
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
    thread_local JsonTree tree;
    const auto value =
        text.size() > kLineMax ? Result<const JsonValue*>(Refusal{}) : parseJson(text, JsonLimits{}, tree);
    const JsonValue* record = value.ok() ? (*value)->find("record") : nullptr;
    const JsonValue* outcome = value.ok() ? (*value)->find("outcome") : nullptr;
    well_formed_ =
        well_formed_ && record != nullptr && record->text == std::to_string(tree_.size()) && outcome != nullptr;
    if (outcome == nullptr) return;
    for (int i = 0; i <= static_cast<int>(RecordOutcome::Refused); ++i) {
        if (nameOf(static_cast<RecordOutcome>(i)) != outcome->text) continue;
        counts_.add(static_cast<RecordOutcome>(i));
        return;
    }
    well_formed_ = false;
}

OutcomeLinesReader::Found OutcomeLinesReader::finish() {
    Found found{tree_.root(), counts_, well_formed_ && rest_.empty()};
    *this = {};
    return found;
}

}  // namespace caseway
