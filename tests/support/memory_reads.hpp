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
    std::optional<EnvelopeRow> envelope(LogIndex index) override { return one(t.envelopes, index); }
    std::optional<std::string> outcomeLines(LogIndex index) override { return one(t.outcome_lines, index); }
    /// A thousand lines at a time: other stores keep them in pieces too.
    std::optional<std::string> nextOutcomePart(LogIndex index, std::uint64_t& part) override {
        const auto lines = one(t.outcome_lines, index);
        if (!lines) return std::nullopt;
        std::string_view rest = *lines;
        for (std::uint64_t at = 0;; ++at) {
            std::size_t end = 0;
            for (int line = 0; line < 1000 && end < rest.size(); ++line)
                end = std::min(rest.find('\n', end), rest.size() - 1) + 1;
            if (end == 0 && at != 0) return std::nullopt;
            if (at == part) return ++part, std::string(rest.substr(0, end));
            rest.remove_prefix(end);
        }
    }
    std::optional<std::string> nextKnownPart(LogIndex index, std::uint64_t& part) override {
        const std::lock_guard lock(t.mutex);
        std::optional<std::string> found;
        t.known_parts.each(own, [&](const auto& key, const std::string& notes) {
            if (key.first != index || key.second < part) return true;
            part = key.second + 1;
            found = notes;
            return false;
        });
        return found;
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
        for (const auto& [id, row] : t.cases.all(own)) {
            if (found.size() == filter.limit) break;
            if (id <= filter.after || (row.deleted && !filter.include_deleted)) continue;
            const bool by_their_window = row.by_window && row.owner.department() == filter.windows_of;
            if (!departments.empty() && !departments.contains(row.department) && !by_their_window) continue;
            if (!filter.status.empty() && row.status != filter.status) continue;
            if (!filter.source_case_no.empty() && row.source_case_no != filter.source_case_no) continue;
            found.push_back(withRepeat(row));
        }
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
        const auto rows = t.checkpoints.all(own);
        for (auto at = rows.upper_bound(after_size); at != rows.end() && found.size() < limit; ++at)
            found.push_back(at->second);
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
        for (const auto& [key, row] : t.run_pages.all(own))
            if (key.first == run && key.second > after && found.size() < limit) found.push_back(row);
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
        for (const auto& [id, row] : t.vanished.all(own))
            if (id > after && found.size() < limit) found.push_back(row);
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
