// gateway/audit/history_audit.cpp - line after line.
#include "gateway/audit/history_audit.hpp"

#include "gateway/audit/row_reading.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/log/leaf.hpp"
#include "gateway/log/outcome_parts.hpp"
#include "gateway/record/admission.hpp"
#include "gateway/record/patch_json.hpp"
#include "gateway/record/patch_state.hpp"
#include "gateway/record/record_fields.hpp"
#include "gateway/record/state_codec.hpp"

namespace caseway {
namespace {

constexpr std::size_t kPage = 1000;
constexpr std::string_view kHistoryHint = "the history of the case was changed; the envelope tells what was sent";
constexpr std::string_view kFeedHint = "the feed was changed: readers were, or will be, told another story";
constexpr std::string_view kAliasHint = "a department's number leads to another case than it did";

std::string recordAt(LogIndex index, std::uint64_t record) {
    return "leaf " + std::to_string(index) + " record " + std::to_string(record);
}

/// One number for both: a record is below 2^31, a leaf below 2^32.
constexpr int kRecordBits = 31;
std::uint64_t packed(const RecordKey& key) {
    return key.index << kRecordBits | key.record;
}

std::string caseText(CaseId id) {
    return id == 0 ? "no case" : "case " + std::to_string(id);
}

}  // namespace

void HistoryAudit::message(LogIndex index) {
    OutcomeLinesReader reader([&](const OutcomeLine& line) { record(index, line); });
    OutcomeParts lines(store_, index);
    std::array<char, 64 * 1024> buffer;
    while (const std::size_t count = lines.read(buffer)) reader.add({buffer.data(), count});
    reader.finish();
    for (const std::uint64_t part : lines.hollow())
        findings_.add("row_added", "outcome_part " + std::to_string(index) + '/' + std::to_string(part), "no such row",
                      "a row without lines that can be read", "nobody would see it: it was written into the database");
}

void HistoryAudit::record(LogIndex index, const OutcomeLine& line) {
    ++records_;
    const RecordTrace& trace = line.trace;
    const bool changes = line.outcome == RecordOutcome::New || line.outcome == RecordOutcome::Changed;
    const bool was_taken = line.outcome != RecordOutcome::Refused;
    if (changes != (trace.change != 0) || (was_taken && (!trace.patch || trace.case_id == 0)))
        findings_.add("outcomes_malformed", recordAt(index, line.record),
                      "the case and history of a taken record, the change of a new or changed one");
    trace.repeats_record != 0 ? repetition(index, line) : historyRow(index, line);
    if (line.outcome == RecordOutcome::New && trace.case_id != 0) created(line, recordAt(index, line.record));
    if (trace.change != 0) change(trace.change, trace.case_id, index, line.record);
    if (trace.absorbed != 0 && change(trace.absorbed_change, trace.absorbed, index, line.record))
        vouched_.absorbed.emplace_back(trace.case_id, trace.absorbed);
    if (trace.alias != 0) alias(index, line);
}

/// Only a row that is there is remembered: the numbers in a line may be anybody's.
void HistoryAudit::created(const OutcomeLine& line, const std::string& where) {
    const CaseId id = line.trace.case_id;
    if (!store_.lastChangeOf(id))
        findings_.add("case_missing", caseText(id), "a case row", "none", "the case was deleted: look in a backup");
    else if (!vouched_.cases.add(static_cast<std::uint64_t>(id)))
        findings_.add("outcomes_malformed", where, "a case that is created once", caseText(id));
}

void HistoryAudit::historyRow(LogIndex index, const OutcomeLine& line) {
    const RecordTrace& trace = line.trace;
    if (!trace.patch) return;  // refused before there was a record: a row here counts as added
    const std::string where = recordAt(index, line.record);
    if (!patches_.takes({index, line.record})) {
        findings_.add("history_missing", where, "a history row", "none", kHistoryHint);
        return;
    }
    const auto row = readable(findings_, "history_differs", where, [&] {
                         return store_.patch(index, line.record);
                     }).value_or(std::nullopt);
    if (!row) return;
    RowComparison compare(findings_, "history_differs", where, kHistoryHint);
    compare.column("record with the digest", toHex(*trace.patch), toHex(sha256(row->patch)));
    compare.column("of", caseText(trace.case_id), caseText(row->case_id));
    compare.column("outcome", std::string(nameOf(line.outcome)), std::string(nameOf(row->outcome)));
}

/// A record without a row of its own: the row that it names says the same of the same case, from the same sender.
void HistoryAudit::repetition(LogIndex index, const OutcomeLine& line) {
    const RecordTrace& trace = line.trace;
    const std::string where = recordAt(index, line.record);
    if (line.outcome != RecordOutcome::Same || trace.alias != 0 || trace.absorbed != 0)
        findings_.add("outcomes_malformed", where, "a repeated record that changes nothing",
                      std::string(nameOf(line.outcome)));
    const auto row = readable(findings_, "history_differs", recordAt(trace.repeats_index, trace.repeats_record), [&] {
                         return store_.patch(trace.repeats_index, trace.repeats_record);
                     }).value_or(std::nullopt);
    if (!row) {
        findings_.add("history_missing", where, "the row of " + recordAt(trace.repeats_index, trace.repeats_record),
                      "none", kHistoryHint);
        return;
    }
    RowComparison compare(findings_, "history_differs", where, kHistoryHint);
    compare.column("repeats a record with the digest", toHex(trace.patch.value_or(Sha256{})),
                   toHex(sha256(row->patch)));
    compare.column("repeats a record of", caseText(trace.case_id), caseText(row->case_id));
    newestRepeat(index, line, *row);
}

/// That row's newest repetition is this one or a newer one; where it is this one, its columns are vouched for.
void HistoryAudit::newestRepeat(LogIndex index, const OutcomeLine& line, const PatchRow& repeated) {
    const MessageFacts* found = facts_.of(index);
    if (found == nullptr) return;
    const MessageFacts facts = *found;
    const MessageFacts* first = facts_.of(repeated.index);
    const std::string where = "repeat " + std::to_string(repeated.index) + '/' + std::to_string(repeated.record);
    RowComparison compare(findings_, "repeat_differs", where, kHistoryHint);
    compare.column("of a record from", facts.sender.id.text(), first != nullptr ? first->sender.id.text() : "nobody");
    const auto row = readable(findings_, "repeat_differs", where, [&] {
                         return store_.repeatOf({repeated.index, repeated.record});
                     }).value_or(std::nullopt);
    if (!row || row->sent_at < facts.sent_at)
        compare.column("sent at", toRfc3339(facts.sent_at) + " or later", row ? toRfc3339(row->sent_at) : "never");
    if (!row || row->record != RecordKey{index, line.record}) return;
    vouched_.repeats.add(packed({repeated.index, repeated.record}));
    CasePatch patch;
    if (!patchFromJson(repeated.patch, patch)) return;  // told elsewhere
    const auto latest = businessTime(patch);
    compare.column("sent at", toRfc3339(facts.sent_at), toRfc3339(row->sent_at));
    compare.column("message", facts.message_id.text(), row->message_id.text());
    const Instant first_time = latest ? latest->time : first != nullptr ? first->sent_at : Instant{};
    compare.column("business time", toRfc3339(latest ? latest->time : facts.sent_at),
                   toRfc3339(row->business_time.value_or(first_time)));
}

std::optional<ChangeRow> HistoryAudit::changeRow(ChangeNo number) {
    const auto find = [&]() -> std::optional<ChangeRow> {
        const auto at = std::lower_bound(changes_.begin(), changes_.end(), number,
                                         [](const ChangeRow& row, ChangeNo wanted) { return row.number < wanted; });
        return at == changes_.end() || at->number != number ? std::nullopt : std::optional(*at);
    };
    if (auto row = find()) return row;
    changes_ = store_.changes(number - 1, kPage);
    return find();
}

bool HistoryAudit::change(ChangeNo number, CaseId id, LogIndex index, std::uint64_t record) {
    const std::string where = "change " + std::to_string(number);
    const auto row = number == 0 ? std::nullopt : changeRow(number);
    if (!row) {
        findings_.add("change_missing", where, recordAt(index, record), "none", kFeedHint);
        return false;
    }
    const bool is_first = vouched_.changes.add(number);
    RowComparison compare(findings_, "change_differs", where, kFeedHint);
    compare.column("told once, of", recordAt(index, record), is_first ? recordAt(row->index, row->record) : "twice");
    compare.column("of", caseText(id), caseText(row->case_id));
    // That a case names its last change: here none is later than the one it names; case_audit.cpp: that one is its own.
    const auto last_change = store_.lastChangeOf(id);
    if (last_change && *last_change < number)
        findings_.add("case_differs", caseText(id), "last change " + std::to_string(number) + " or later",
                      std::to_string(*last_change), "the case row was set back: compare with a backup");
    return is_first;
}

/// The row that leads from the sender's own number to the case.
void HistoryAudit::alias(LogIndex index, const OutcomeLine& line) {
    const CaseId id = line.trace.alias;
    const std::string where = caseText(id);
    if (!store_.lastChangeOf(id)) {
        findings_.add("case_missing", where, "a row that leads to " + caseText(line.trace.case_id), "none", kAliasHint);
        return;
    }
    vouched_.aliases.add(static_cast<std::uint64_t>(id));
    const auto row =
        readable(findings_, "case_differs", where, [&] { return store_.caseById(id); }).value_or(std::nullopt);
    if (!row) return;
    const MessageFacts* facts = facts_.of(index);
    const auto patch_row = readable(findings_, "history_differs", where, [&] {
                               return store_.patch(index, line.record);
                           }).value_or(std::nullopt);
    CasePatch patch;
    if (facts == nullptr || !patch_row || !patchFromJson(patch_row->patch, patch)) return;  // told elsewhere
    const std::string number(statedText(patch, recordFields().source_case_no));
    const auto target = aliasTarget(row->state);
    RowComparison compare(findings_, "case_differs", where, kAliasHint);
    compare.column("leads to", caseText(line.trace.case_id), target ? caseText(*target) : "itself");
    compare.column("owner", facts->sender.id.text(), row->owner.text());
    compare.column("source_case_no with the digest", toHex(sha256(number)), toHex(sha256(row->source_case_no)));
    compare.column("case_no", "", row->case_no);
    compare.column("department", "", row->department);
    compare.column("by window", "0", std::to_string(row->by_window));
    compare.column("status", "", row->status);
    compare.column("deleted", "1", std::to_string(row->deleted));
    compare.column("last change", "0", std::to_string(row->last_change));
    compare.column("stated by", "none", row->stated_by ? "a record" : "none");
    compare.column("changed at", toRfc3339(facts->received_at), toRfc3339(row->changed_at));
}

void HistoryAudit::leaf(LogIndex index) {
    const auto entry = parseLeaf(store_.leaf(index).value_or(""));
    if (!entry || entry->type != EntryType::Audit || detailText(*entry, "event") != "new_origin") return;
    restarts_.push_back(detailText(*entry, "first_change"));
}

void HistoryAudit::finish() {
    const auto isRestart = [this](ChangeNo number) {
        return std::find(restarts_.begin(), restarts_.end(), std::to_string(number)) != restarts_.end();
    };
    patches_.finish();
    KeyWalk feed(store_, StoreTable::Change, "change", findings_);
    ChangeNo expected = 1;
    for (auto next = vouched_.changes.firstFrom(0); next; next = vouched_.changes.firstFrom(*next + 1)) {
        if (*next != expected && !isRestart(*next))
            findings_.add("change_missing", "change " + std::to_string(expected), "numbers without a gap",
                          std::to_string(*next), kFeedHint);
        feed.takes({*next, 0});
        expected = *next + 1;
    }
    feed.finish();
    KeyWalk repeats(store_, StoreTable::Repeat, "repeat", findings_);
    for (auto next = vouched_.repeats.firstFrom(0); next; next = vouched_.repeats.firstFrom(*next + 1))
        repeats.takes({*next >> kRecordBits, *next & ((1ULL << kRecordBits) - 1)});
    repeats.finish();
}

}  // namespace caseway
