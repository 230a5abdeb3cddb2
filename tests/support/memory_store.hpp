// tests/support/memory_store.hpp - the whole Store port in maps, for tests of what stands above it. Transactions are
// real: readers see nothing before commit(), a writer that is destroyed without it leaves no trace. Not durable;
// backupTo refuses.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <tuple>

#include "gateway/base/check.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/ports/store.hpp"

namespace caseway::testing {

/// Rows, and the changes of the one open transaction over them.
template <class K, class V>
class MemoryTable {
public:
    std::optional<V> find(const K& key, bool in_transaction) const {
        if (in_transaction)
            if (const auto found = changes_.find(key); found != changes_.end()) return found->second;
        const auto found = rows_.find(key);
        return found != rows_.end() ? std::optional<V>(found->second) : std::nullopt;
    }
    std::map<K, V> all(bool in_transaction) const {
        std::map<K, V> rows = rows_;
        if (!in_transaction) return rows;
        for (const auto& [key, value] : changes_) {
            rows.erase(key);
            if (value) rows.emplace(key, *value);
        }
        return rows;
    }
    void put(const K& key, V value) { changes_[key] = std::move(value); }
    void erase(const K& key) { changes_[key] = std::nullopt; }
    void commit() {
        for (auto& [key, value] : changes_) {
            if (value)
                rows_.insert_or_assign(key, std::move(*value));
            else
                rows_.erase(key);
        }
        changes_.clear();
    }
    void rollBack() { changes_.clear(); }
    /// The committed rows, for a test that tampers with them.
    std::map<K, V>& rows() { return rows_; }

private:
    std::map<K, V> rows_;
    std::map<K, std::optional<V>> changes_;
};

struct MemoryTables {
    using RecordKey = std::pair<LogIndex, std::uint64_t>;
    MemoryTable<LogIndex, MessageRow> messages;
    MemoryTable<std::pair<SystemId, MessageId>, LogIndex> message_ids;
    MemoryTable<LogIndex, EnvelopeRow> envelopes;
    MemoryTable<LogIndex, std::string> outcome_lines;
    MemoryTable<CaseId, CaseRow> cases;
    MemoryTable<RecordKey, PatchRow> patches;
    MemoryTable<ChangeNo, ChangeRow> changes;
    MemoryTable<LogIndex, std::string> leaves;
    MemoryTable<std::pair<std::uint32_t, std::uint64_t>, std::string> tiles;
    MemoryTable<std::uint64_t, CheckpointRow> checkpoints;
    MemoryTable<KeyId, std::string> certificates;
    MemoryTable<Sha256, std::string> mapping_versions;
    MemoryTable<LogIndex, LargeRow> large;
    MemoryTable<std::string, std::string> meta;

    template <class F>
    void each(F apply) {
        apply(messages), apply(message_ids), apply(envelopes), apply(outcome_lines), apply(cases), apply(patches),
            apply(changes);
        apply(leaves), apply(tiles), apply(checkpoints), apply(certificates), apply(mapping_versions), apply(large),
            apply(meta);
    }
    std::recursive_mutex mutex;
    bool writing = false;
    CaseId last_case = 0;
    std::uint64_t leaf_count = 0;  ///< committed
    std::uint64_t pending_leaf_count = 0;
    ChangeNo last_change = 0, pending_last_change = 0;
};

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
    std::optional<CaseRow> caseById(CaseId id) override { return one(t.cases, id); }
    std::optional<CaseRow> caseByNo(std::string_view case_no) override {
        return firstCase([&](const CaseRow& row) { return !row.case_no.empty() && row.case_no == case_no; });
    }
    std::optional<CaseRow> caseBySource(const SystemId& owner, std::string_view source_case_no) override {
        return firstCase(
            [&](const CaseRow& row) { return row.owner == owner && row.source_case_no == source_case_no; });
    }
    std::vector<CaseRow> cases(const CaseFilter& filter) override {
        const std::lock_guard lock(t.mutex);
        const std::set<std::string, std::less<>> departments(filter.departments.begin(), filter.departments.end());
        std::vector<CaseRow> found;
        for (const auto& [id, row] : t.cases.all(own)) {
            if (found.size() == filter.limit) break;
            if (id <= filter.after || (row.deleted && !filter.include_deleted)) continue;
            if (!departments.empty() && departments.find(row.owner.department()) == departments.end()) continue;
            if (!filter.status.empty() && row.status != filter.status) continue;
            if (!filter.source_case_no.empty() && row.source_case_no != filter.source_case_no) continue;
            found.push_back(row);
        }
        return found;
    }
    std::vector<PatchRow> history(CaseId id, std::size_t limit) override {
        const std::lock_guard lock(t.mutex);
        std::vector<PatchRow> found;
        for (const auto& [key, row] : t.patches.all(own))
            if (row.case_id == id && found.size() < limit) found.push_back(row);
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
    template <class Matches>
    std::optional<CaseRow> firstCase(Matches matches) {
        const std::lock_guard lock(t.mutex);
        for (const auto& [id, row] : t.cases.all(own))
            if (matches(row)) return row;
        return std::nullopt;
    }
    MemoryTables& t;
    const bool own;
};

class MemoryWriter final : public MemoryReads<StoreWriter> {
public:
    explicit MemoryWriter(MemoryTables& tables) : MemoryReads(tables, true) {
        const std::lock_guard lock(t.mutex);
        t.writing = true;
        t.pending_leaf_count = t.leaf_count;
        t.pending_last_change = t.last_change;
    }
    ~MemoryWriter() override {
        const std::lock_guard lock(t.mutex);
        t.each([](auto& table) { table.rollBack(); });
        t.writing = false;
    }
    void putMessage(const MessageRow& row) override {
        const std::lock_guard lock(t.mutex);
        if (row.sender && row.message_id) {
            CASEWAY_CHECK(!t.message_ids.find({*row.sender, *row.message_id}, true));
            t.message_ids.put({*row.sender, *row.message_id}, row.index);
        }
        t.messages.put(row.index, row);
    }
    void updateMessage(const MessageRow& row) override {
        const std::lock_guard lock(t.mutex);
        auto stored = t.messages.find(row.index, true);
        CASEWAY_CHECK(stored.has_value());
        stored->outcome = row.outcome;
        stored->counts = row.counts;
        stored->answer = row.answer;
        stored->outcome_index = row.outcome_index;
        stored->tree_size = row.tree_size;
        t.messages.put(row.index, *stored);
    }
    void putEnvelope(LogIndex index, const EnvelopeRow& row) override { put(t.envelopes, index, row); }
    void putOutcomeLines(LogIndex index, std::string_view lines) override {
        put(t.outcome_lines, index, one(t.outcome_lines, index).value_or("") + std::string(lines));
    }
    CaseId putCase(const CaseRow& row) override {
        const std::lock_guard lock(t.mutex);
        CaseRow kept = row;
        if (kept.id == 0) kept.id = ++t.last_case;
        t.cases.put(kept.id, kept);
        return kept.id;
    }
    void putPatch(const PatchRow& row) override { put(t.patches, std::pair(row.index, row.record), row); }
    void putChange(const ChangeRow& row) override {
        CASEWAY_CHECK(row.number == ++t.pending_last_change);
        put(t.changes, row.number, row);
    }
    void putLeaf(LogIndex index, std::string_view leaf) override {
        CASEWAY_CHECK(index == t.pending_leaf_count++);
        put(t.leaves, index, std::string(leaf));
    }
    void putTile(std::uint32_t level, std::uint64_t n, std::string_view hashes) override {
        CASEWAY_CHECK(hashes.size() == 8192);
        put(t.tiles, std::pair(level, n), std::string(hashes));
    }
    void putCheckpoint(const CheckpointRow& row) override { put(t.checkpoints, row.tree_size, row); }
    void putCertificate(const KeyId& id, std::string_view der) override {
        if (!one(t.certificates, id)) put(t.certificates, id, std::string(der));
    }
    void putMappingVersion(const Sha256& id, std::string_view files) override {
        put(t.mapping_versions, id, std::string(files));
    }
    void putLarge(const LargeRow& row) override { put(t.large, row.index, row); }
    void removeLarge(LogIndex index) override {
        const std::lock_guard lock(t.mutex);
        t.large.erase(index);
    }
    void putMeta(std::string_view name, std::string_view value) override {
        put(t.meta, std::string(name), std::string(value));
    }
    void commit() override {
        const std::lock_guard lock(t.mutex);
        t.each([](auto& table) { table.commit(); });
        t.leaf_count = t.pending_leaf_count;
        t.last_change = t.pending_last_change;
    }

private:
    template <class K, class V>
    void put(MemoryTable<K, V>& table, const K& key, const V& value) {
        const std::lock_guard lock(t.mutex);
        table.put(key, value);
    }
};

class MemoryStore final : public Store {
public:
    std::unique_ptr<StoreWriter> beginWrite() override {
        const std::lock_guard lock(tables_.mutex);
        if (tables_.writing) throw Fault(FaultCode::StoreUnavailable, "another writer has the memory store");
        return std::make_unique<MemoryWriter>(tables_);
    }
    StoreReader& reader() override { return reader_; }
    void backupTo(const std::string&) override {
        throw Fault(FaultCode::StoreUnavailable, "a memory store has no file to copy");
    }
    /// For tests that change, remove or reorder committed rows.
    MemoryTables& tables() { return tables_; }

private:
    MemoryTables tables_;
    MemoryReads<StoreReader> reader_{tables_, false};
};

}  // namespace caseway::testing
