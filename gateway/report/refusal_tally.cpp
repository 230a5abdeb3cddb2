// gateway/report/refusal_tally.cpp - pages, messages, lines.
#include "gateway/report/refusal_tally.hpp"

#include <algorithm>

#include "gateway/base/mask.hpp"
#include "gateway/domain/outcome.hpp"
#include "gateway/formats/envelope/stored_pull.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/log/outcome_lines.hpp"
#include "gateway/log/payload_refusal.hpp"

namespace caseway {
namespace {

constexpr std::size_t kPagesAtOnce = 500;

std::string textIn(const JsonValue& object, std::string_view name) {
    const JsonValue* const member = object.find(name);
    return member != nullptr && member->type == JsonValue::Type::String ? std::string(member->text) : std::string();
}

}  // namespace

void RefusalCounter::add(const Run& run, const std::set<LogIndex>& without) {
    std::uint64_t left = run.counts.records.refused + run.counts.payloads_refused;  // to be found yet
    for (std::uint64_t after = 0; left > 0 && messages_left_ > 0;) {
        const auto pages = reader_.runPages(run.number, after, kPagesAtOnce);
        if (pages.empty()) break;
        for (const RunPageRow& row : pages) {
            after = row.page;
            const auto page = readRunPage(row.body);
            if (!page) continue;
            for (const LogIndex index : page->messages) {
                if (left == 0 || messages_left_ == 0) break;
                --messages_left_;
                if (const auto message = reader_.message(index))
                    left -= std::min(left, addMessage(*message, !without.contains(index)));
            }
        }
    }
    if (messages_left_ == 0) not_read_ += left;
}

std::uint64_t RefusalCounter::addMessage(const MessageRow& row, bool is_told) {
    std::string code = payloadRefusal(reader_, row);
    if (code.empty() && row.outcome == MessageOutcome::Refused && row.counts.total() == 0) code = kNoRecordTaken;
    const std::uint64_t refused = row.counts.refused + (code.empty() ? 0 : 1);
    if (refused == 0 || !is_told) return refused;
    const auto envelope = reader_.envelope(row.index);
    const auto pull = envelope ? readStoredPull(envelope->head) : Result<StoredPull>(Refusal{});
    const std::string payload = pull ? withNamesMasked(pull->head.name) : std::string();
    if (row.counts.refused != 0) addRecords(row, payload);
    if (code.empty()) return refused;
    RefusalExample example{row.message_id ? row.message_id->text() : std::to_string(row.index), payload, 0, {}, {}, {}};
    std::string rule;
    JsonTree tree;
    const auto answer = parseJson("{" + row.answer + "}", JsonLimits{}, tree);
    const JsonValue* const refusals = answer ? (*answer)->find("refusals") : nullptr;
    if (refusals != nullptr && refusals->type == JsonValue::Type::Array && refusals->count > 0) {
        const JsonValue& own = refusals->items[refusals->count - 1];  // behind those of its records
        example.where = textIn(own, "where");
        example.value = textIn(own, "value");
        example.hint = textIn(own, "hint");
        rule = textIn(own, "rule");
    }
    count(code, rule, std::move(example));
    return refused;
}

/// A record counts once, under its first mistake.
void RefusalCounter::addRecords(const MessageRow& row, const std::string& payload) {
    std::uint64_t told = 0, part = 0;
    std::optional<std::uint64_t> last;
    while (left_ > 0) {
        const auto lines = reader_.nextOutcomePart(row.index, part);
        if (!lines) break;
        MemorySource source(*lines);
        const auto refusals = refusalsIn(source, left_);
        left_ -= std::min(left_, refusals.size());
        for (const Refusal& refusal : refusals) {
            if (refusal.record && refusal.record == last) continue;
            last = refusal.record;
            ++told;
            count(refusal.code, refusal.rule,
                  {row.message_id ? row.message_id->text() : std::string(), payload, refusal.record.value_or(0),
                   refusal.where, refusal.value, refusal.hint});
        }
    }
    not_read_ += row.counts.refused - std::min(row.counts.refused, told);
}

void RefusalCounter::count(const std::string& code, const std::string& rule, RefusalExample example) {
    const bool is_known = rules_.contains(code) || rules_.size() < kMostRulesTold;
    const std::string name = is_known ? code : "other";
    RuleCount& counted = rules_.try_emplace(name, RuleCount{name}).first->second;
    if (counted.count++ == 0) counted.rule = rule;
    if (counted.examples.size() < kExamplesOfRule) counted.examples.push_back(std::move(example));
}

RefusalTally RefusalCounter::finish() const {
    RefusalTally tally{{}, not_read_};
    for (const auto& [code, counted] : rules_) tally.rules.push_back(counted);
    std::stable_sort(tally.rules.begin(), tally.rules.end(),
                     [](const RuleCount& a, const RuleCount& b) { return a.count > b.count; });
    return tally;
}

}  // namespace caseway
