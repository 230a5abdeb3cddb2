// gateway/audit/case_audit.cpp - case by case.
#include "gateway/audit/case_audit.hpp"

#include <algorithm>

#include "gateway/audit/row_reading.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/record/patch_json.hpp"
#include "gateway/record/patch_state.hpp"
#include "gateway/record/record_fields.hpp"
#include "gateway/record/state_codec.hpp"
#include "gateway/record/stored_state.hpp"

namespace caseway {
namespace {

constexpr std::size_t kPage = 1000;
constexpr std::string_view kHint = "the case row was changed; its history tells what it must say";

std::string caseAt(std::uint64_t id) {
    return "case " + std::to_string(static_cast<CaseId>(id));
}

}  // namespace

CaseAudit::CaseAudit(StoreSnapshot& store, MessageFactsReader& facts, Vouched& vouched, Findings& findings)
    : store_(store), facts_(facts), vouched_(vouched), findings_(findings), joiner_(store, facts) {
    std::sort(vouched_.absorbed.begin(), vouched_.absorbed.end());
    for (const auto& [target, absorbed] : vouched_.absorbed) absorbers_.emplace_back(absorbed, target);
    std::sort(absorbers_.begin(), absorbers_.end());
}

void CaseAudit::run(const std::function<void(std::uint64_t)>& progress) {
    std::optional<StoredKey> last;
    std::uint64_t rows = 0;
    for (auto page = store_.keys(StoreTable::Case, last, kPage); !page.empty();
         page = store_.keys(StoreTable::Case, last, kPage)) {
        for (const StoredKey& key : page) {
            if (vouched_.cases.has(key.first))
                check(static_cast<CaseId>(key.first));
            else if (!vouched_.aliases.has(key.first))
                findings_.add("row_added", caseAt(key.first), "no such row", "a row",
                              "no record of the log created it: somebody wrote it into the database");
        }
        last = page.back();
        rows += page.size();
        if (progress) progress(rows);
    }
}

void CaseAudit::check(CaseId id) {
    const auto row = readable(findings_, "case_differs", caseAt(static_cast<std::uint64_t>(id)), [&] {
                         return store_.caseById(id);
                     }).value_or(std::nullopt);
    if (!row) return;
    JoinedCase joined = joiner_.join(id);
    checkIdentity(*row, joined);
    checkLastChange(*row);
    const auto absorber = std::lower_bound(absorbers_.begin(), absorbers_.end(), std::pair(id, CaseId{0}));
    if (absorber != absorbers_.end() && absorber->first == id) return checkAbsorbed(*row, absorber->second);
    ++cases_;
    for (auto other = std::lower_bound(vouched_.absorbed.begin(), vouched_.absorbed.end(), std::pair(id, CaseId{0}));
         other != vouched_.absorbed.end() && other->first == id; ++other)
        joiner_.absorb(joined, joiner_.join(other->second));
    checkCase(*row, joined);
}

void CaseAudit::checkIdentity(const CaseRow& row, const JoinedCase& joined) {
    RowComparison compare(findings_, "case_differs", caseAt(static_cast<std::uint64_t>(row.id)), kHint);
    compare.column("owner", joined.owner, row.owner.text());
    compare.column("case_no", joined.numbers_contradict ? "one number" : joined.case_no, row.case_no);
    compare.column("source_case_no with the digest", toHex(sha256(joined.source_case_no)),
                   toHex(sha256(row.source_case_no)));
}

void CaseAudit::checkLastChange(const CaseRow& row) {
    RowComparison compare(findings_, "case_differs", caseAt(static_cast<std::uint64_t>(row.id)), kHint);
    const auto changes = row.last_change == 0 ? std::vector<ChangeRow>() : store_.changes(row.last_change - 1, 1);
    const bool is_own =
        !changes.empty() && changes.front().number == row.last_change && changes.front().case_id == row.id;
    if (!is_own) return compare.column("last change", "one of its own", std::to_string(row.last_change));
    const MessageFacts* facts = facts_.of(changes.front().index);
    if (facts != nullptr) compare.column("changed at", toRfc3339(facts->received_at), toRfc3339(row.changed_at));
}

void CaseAudit::checkAbsorbed(const CaseRow& row, CaseId target) {
    RowComparison compare(findings_, "case_differs", caseAt(static_cast<std::uint64_t>(row.id)), kHint);
    const auto leads_to = aliasTarget(row.state);
    compare.column("leads to", caseAt(static_cast<std::uint64_t>(target)),
                   leads_to ? caseAt(static_cast<std::uint64_t>(*leads_to)) : "itself");
    compare.column("department", "", row.department);
    compare.column("by window", "0", std::to_string(row.by_window));
    compare.column("status", "", row.status);
    compare.column("deleted", "1", std::to_string(row.deleted));
    compare.column("stated by", "none", row.stated_by ? "a record" : "none");
}

/// The state as it stands with the newest repetition; its bytes where they cannot be read.
std::string CaseAudit::withRepeat(const CaseRow& row) {
    if (!row.repeated || !decodeSoleRecord(row.state, state_)) return row.state;
    standForRepeated(*row.repeated, state_);
    std::string bytes;
    encodeState(state_, bytes);
    return bytes;
}

/// What the next record is held against: the record that the row names is that of the state, and so is the digest.
void CaseAudit::checkSoleRecord(const CaseRow& row, RowComparison& compare) {
    const auto text = [](const std::optional<RecordKey>& key) {
        return key ? "leaf " + std::to_string(key->index) + " record " + std::to_string(key->record) : "none";
    };
    std::optional<RecordKey> sole;
    if (decodeSoleRecord(row.state, state_)) sole = {state_.stamps.front().index, state_.stamps.front().record};
    compare.column("stated by", text(sole), text(row.stated_by));
    if (!sole) return;
    const Sha256 digest = *state_.sole_record;
    const Stamp stamp = state_.stamps.front();
    const auto told = readable(findings_, "history_differs", text(sole), [&] {
                          return store_.patch(sole->index, sole->record);
                      }).value_or(std::nullopt);
    compare.column("sole record with the digest", told ? toHex(sha256(told->patch)) : "of its history row",
                   toHex(digest));
    if (row.repeated && told) checkRepeatedStamp(*told, stamp, *row.repeated, compare);
}

/// What the row says of the record that is repeated: the repetition stands over it, and nothing else would look at it.
void CaseAudit::checkRepeatedStamp(const PatchRow& record, const Stamp& stamp, const Repeat& repeat,
                                   RowComparison& compare) {
    const MessageFacts* facts = facts_.of(record.index);
    if (facts == nullptr) return;
    if (stamp.sent_at != facts->sent_at)
        compare.column("sole record sent at", toRfc3339(facts->sent_at), toRfc3339(stamp.sent_at));
    if (stamp.message_id != facts->message_id)
        compare.column("sole record of message", facts->message_id.text(), stamp.message_id.text());
    CasePatch patch;
    if (!repeat.business_time || !patchFromJson(record.patch, patch)) return;
    const auto latest = businessTime(patch);
    compare.column("sole record's business time", toRfc3339(latest ? latest->time : facts->sent_at),
                   toRfc3339(stamp.business_time));
}

void CaseAudit::checkCase(const CaseRow& row, const JoinedCase& joined) {
    RowComparison compare(findings_, "case_differs", caseAt(static_cast<std::uint64_t>(row.id)), kHint);
    checkSoleRecord(row, compare);
    const std::string stored = withRepeat(row);
    const std::string expected = joiner_.settle(joined, stored);
    compare.column("state with the digest", toHex(sha256(expected)), toHex(sha256(stored)));
    compare.column("department", joined.owner_department, row.department);
    compare.column("by window", std::to_string(joined.by_window), std::to_string(row.by_window));
    if (expected.empty()) return;
    resolve(joiner_.settled(), {joined.case_no, joined.owner}, resolved_);
    compare.column("status", std::string(statedText(resolved_.record, recordFields().status)), row.status);
    const bool deleted = statedText(resolved_.record, recordFields().operation) == "D";
    compare.column("deleted", std::to_string(deleted), std::to_string(row.deleted));
}

}  // namespace caseway
