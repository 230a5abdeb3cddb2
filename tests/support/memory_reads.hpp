// tests/support/memory_reads.hpp - the reading calls of the Store port over the maps of a MemoryStore.
#pragma once

#include <set>

#include "gateway/ports/store_snapshot.hpp"
#include "tests/support/memory_tables.hpp"

namespace caseway::testing {

/// All reading calls, over StoreReader or StoreWriter.
template <class Base>
class MemoryReads : public Base {
public:
    MemoryReads(MemoryTables& tables, bool in_transaction) : t(tables), own(in_transaction) {}

    std::optional<MessageRow> message(const SystemId& sender, const MessageId& id) override {
        const std::lock_guard lock(t.mutex);
        const auto index = t.message_ids.find({sender, id}, own);
        return index ? t.messages.find(*index, own) : std::nullopt;
    }
    std::optional<MessageRow> message(LogIndex index) override { return one(t.messages, index); }
    std::optional<MessageRow> refusedMessage(const SystemId& sender, const MessageId& id) override {
        const std::lock_guard lock(t.mutex);
        const auto index = t.refused_ids.find({sender, id}, own);
        return index ? t.messages.find(*index, own) : std::nullopt;
    }
    std::vector<MessageRow> messages(const MessageFilter& filter) override {
        const std::lock_guard lock(t.mutex);
        std::vector<MessageRow> found;
        const auto rows = t.messages.all(own);
        for (auto at = rows.rbegin(); at != rows.rend() && found.size() < filter.limit; ++at) {
            const MessageRow& row = at->second;
            if (filter.before && row.index >= *filter.before) continue;
            if (filter.sender && row.sender != filter.sender) continue;
            if (!filter.outcome.empty() && nameOf(row.outcome) != filter.outcome) continue;
            if ((filter.since && row.received_at < *filter.since) || (filter.until && row.received_at > *filter.until))
                continue;
            found.push_back(row);
        }
        return found;
    }
    std::optional<EnvelopeRow> envelope(LogIndex index) override {
        if (t.damaged_envelopes.contains(index)) throw Fault(FaultCode::StoreCorrupt, "a body of no form");
        return one(t.envelopes, index);
    }
    std::optional<std::string> outcomeLines(LogIndex index) override {
        std::optional<std::string> lines;
        for (std::uint64_t part = 0; const auto piece = nextOutcomePart(index, part);)
            lines = std::move(lines).value_or("") + *piece;
        return lines;
    }
    std::optional<std::string> nextOutcomePart(LogIndex index, std::uint64_t& part) override {
        return nextPiece(t.outcome_lines, index, part);
    }
    std::optional<std::string> nextKnownPart(LogIndex index, std::uint64_t& part) override {
        return nextPiece(t.known_parts, index, part);
    }
    std::optional<CaseRow> caseById(CaseId id) override {
        const auto row = one(t.cases, id);
        return row ? std::optional(withRepeat(*row)) : std::nullopt;
    }
    std::optional<CaseRow> caseByNo(std::string_view case_no) override {
        return caseAt(t.case_numbers, std::string(case_no),
                      [&](const CaseRow& row) { return !row.case_no.empty() && row.case_no == case_no; });
    }
    std::optional<CaseRow> caseBySource(const SystemId& owner, std::string_view source_case_no) override {
        return caseAt(t.case_sources, std::pair(owner, std::string(source_case_no)),
                      [&](const CaseRow& row) { return row.owner == owner && row.source_case_no == source_case_no; });
    }
    std::vector<CaseRow> cases(const CaseFilter& filter) override {
        const std::lock_guard lock(t.mutex);
        const std::set<std::string, std::less<>> departments(filter.departments.begin(), filter.departments.end());
        std::vector<CaseRow> found;
        const auto matches = [&](const CaseRow& row) {
            if (row.deleted && !filter.include_deleted) return false;
            const bool by_their_window = row.by_window && row.owner.department() == filter.windows_of;
            if (!departments.empty() && !departments.contains(row.department) && !by_their_window) return false;
            if (!filter.status.empty() && row.status != filter.status) return false;
            return filter.source_case_no.empty() || row.source_case_no == filter.source_case_no;
        };
        t.cases.eachFrom(filter.after + 1, own, [&](CaseId, const CaseRow& row) {
            if (found.size() < filter.limit && matches(row)) found.push_back(withRepeat(row));
            return found.size() < filter.limit;
        });
        return found;
    }
    std::vector<PatchRow> history(CaseId id, std::size_t limit) override {
        const std::lock_guard lock(t.mutex);
        std::vector<PatchRow> found;
        t.patches.each(own, [&](const auto&, const PatchRow& row) {
            if (row.case_id == id && found.size() < limit) found.push_back(row);
            return true;
        });
        return found;
    }
    std::vector<ChangeRow> changes(ChangeNo after, std::size_t limit) override {
        const std::lock_guard lock(t.mutex);
        std::vector<ChangeRow> found;
        for (ChangeNo number = after + 1; found.size() < limit; ++number) {
            const auto row = t.changes.find(number, own);
            if (!row) break;
            found.push_back(*row);
        }
        return found;
    }
    std::optional<PatchRow> patch(LogIndex index, std::uint64_t record) override {
        return one(t.patches, std::pair(index, record));
    }
    std::optional<std::string> leaf(LogIndex index) override { return one(t.leaves, index); }
    std::optional<std::string> tile(std::uint32_t level, std::uint64_t n) override {
        return one(t.tiles, std::pair(level, n));
    }
    std::optional<CheckpointRow> lastCheckpoint() override {
        const std::lock_guard lock(t.mutex);
        const auto rows = t.checkpoints.all(own);
        return rows.empty() ? std::nullopt : std::optional(rows.rbegin()->second);
    }
    std::optional<CheckpointRow> checkpoint(std::uint64_t tree_size) override { return one(t.checkpoints, tree_size); }
    std::vector<CheckpointRow> checkpoints(std::uint64_t after_size, std::size_t limit) override {
        const std::lock_guard lock(t.mutex);
        std::vector<CheckpointRow> found;
        t.checkpoints.eachFrom(after_size + 1, own, [&](std::uint64_t, const CheckpointRow& row) {
            if (found.size() < limit) found.push_back(row);
            return found.size() < limit;
        });
        return found;
    }
    std::optional<std::string> certificate(const KeyId& id) override { return one(t.certificates, id); }
    std::optional<std::string> mappingVersion(const Sha256& id) override { return one(t.mapping_versions, id); }
    std::vector<LargeRow> unfinishedLarge() override {
        const std::lock_guard lock(t.mutex);
        std::vector<LargeRow> found;
        for (const auto& [index, row] : t.large.all(own)) found.push_back(row);
        return found;
    }
    std::optional<std::string> meta(std::string_view name) override { return one(t.meta, std::string(name)); }
    std::optional<std::string> cursor(std::string_view connector) override {
        return one(t.cursors, std::string(connector));
    }
    std::optional<std::string> reportNote(std::string_view name) override {
        return one(t.report_notes, std::string(name));
    }
    std::optional<RunRow> run(std::uint64_t number) override { return one(t.runs, number); }
    std::vector<RunRow> runs(std::string_view connector, std::uint64_t before, std::size_t limit) override {
        const std::lock_guard lock(t.mutex);
        std::vector<RunRow> found;
        const auto rows = t.runs.all(own);
        for (auto at = rows.rbegin(); at != rows.rend() && found.size() < limit; ++at)
            if ((before == 0 || at->first < before) && (connector.empty() || at->second.connector == connector))
                found.push_back(at->second);
        return found;
    }
    std::vector<RunRow> unfinishedRuns() override {
        const std::lock_guard lock(t.mutex);
        std::vector<RunRow> found;
        for (const auto& [number, row] : t.runs.all(own))
            if (!row.ended) found.push_back(row);
        return found;
    }
    std::vector<RunPageRow> runPages(std::uint64_t run, std::uint64_t after, std::size_t limit) override {
        const std::lock_guard lock(t.mutex);
        std::vector<RunPageRow> found;
        t.run_pages.eachFrom({run, after + 1}, own, [&](const auto& key, const RunPageRow& row) {
            if (key.first != run || found.size() == limit) return false;
            found.push_back(row);
            return true;
        });
        return found;
    }
    std::vector<CaseKey> caseKeys(const SystemId& owner, const CaseKey& after, std::size_t limit) override {
        const std::lock_guard lock(t.mutex);
        std::set<std::pair<std::string, CaseId>> keys;
        for (const auto& [id, row] : t.cases.all(own))
            if (row.owner == owner) keys.emplace(row.source_case_no, id);
        std::vector<CaseKey> found;
        for (auto at = keys.upper_bound({after.source_case_no, after.id}); at != keys.end() && found.size() < limit;
             ++at)
            found.push_back({at->first, at->second});
        return found;
    }
    std::optional<VanishedRow> vanished(CaseId id) override { return one(t.vanished, id); }
    std::vector<VanishedRow> vanishedAfter(CaseId after, std::size_t limit) override {
        const std::lock_guard lock(t.mutex);
        std::vector<VanishedRow> found;
        t.vanished.eachFrom(after + 1, own, [&](CaseId, const VanishedRow& row) {
            if (found.size() < limit) found.push_back(row);
            return found.size() < limit;
        });
        return found;
    }
    ChangeNo lastChange() override {
        const std::lock_guard lock(t.mutex);
        return own ? t.pending_last_change : t.last_change;
    }

protected:
    template <class K, class V>
    std::optional<V> one(const MemoryTable<K, V>& table, const K& key) {
        const std::lock_guard lock(t.mutex);
        return table.find(key, own);
    }
    std::optional<std::string> nextPiece(const MemoryTable<MemoryTables::RecordKey, std::string>& pieces,
                                         LogIndex index, std::uint64_t& part) {
        const std::lock_guard lock(t.mutex);
        std::optional<std::string> found;
        pieces.eachFrom({index, part}, own, [&](const auto& key, const std::string& piece) {
            if (key.first != index) return false;
            part = key.second + 1;
            found = piece;
            return false;
        });
        return found;
    }
    /// By an index; where a test has tampered with the rows below it, by looking at each.
    template <class Index, class Key, class Matches>
    std::optional<CaseRow> caseAt(const Index& index, const Key& key, Matches matches) {
        const std::lock_guard lock(t.mutex);
        const auto id = index.find(key, own);
        if (!id) return std::nullopt;
        if (const auto row = t.cases.find(*id, own); row && matches(*row)) return withRepeat(*row);
        std::optional<CaseRow> found;
        t.cases.each(own, [&](CaseId, const CaseRow& row) {
            if (matches(row)) found = withRepeat(row);
            return !found;
        });
        return found;
    }
    CaseRow withRepeat(CaseRow row) {
        if (row.stated_by) row.repeated = one(t.repeats, std::pair(row.stated_by->index, row.stated_by->record));
        return row;
    }
    MemoryTables& t;
    const bool own;
};

}  // namespace caseway::testing
