// tests/support/memory_store.hpp - the whole Store port in maps, for tests of what stands above it. Transactions are
// real: readers see nothing before commit(), a writer that is destroyed without it leaves no trace. Not durable;
// backupTo refuses.
#pragma once

#include <limits>
#include <tuple>

#include "gateway/base/check.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/ports/store_snapshot.hpp"
#include "tests/support/memory_reads.hpp"

namespace caseway::testing {

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
    void putRefusedId(const SystemId& sender, const MessageId& id, LogIndex index) override {
        const std::lock_guard lock(t.mutex);
        t.refused_ids.put({sender, id}, index);
    }
    void updateMessage(const MessageRow& row) override {
        const std::lock_guard lock(t.mutex);
        auto stored = t.messages.find(row.index, true);
        CASEWAY_CHECK(stored.has_value());
        stored->outcome = row.outcome;
        stored->counts = row.counts;
        stored->refusal_code = row.refusal_code;
        stored->answer = row.answer;
        stored->outcome_index = row.outcome_index;
        stored->tree_size = row.tree_size;
        t.messages.put(row.index, *stored);
    }
    void putEnvelope(LogIndex index, const EnvelopeRow& row) override { put(t.envelopes, index, row); }
    void putOutcomeLines(LogIndex index, std::string_view lines) override { putPiece(t.outcome_lines, index, lines); }
    void putKnownPart(LogIndex index, std::string_view notes) override { putPiece(t.known_parts, index, notes); }
    std::size_t removeKnownParts(LogIndex index, std::size_t most) override {
        std::size_t removed = 0;
        for (std::uint64_t part = 0; removed < most && nextKnownPart(index, part); ++removed) {
            const std::lock_guard lock(t.mutex);
            t.known_parts.erase({index, part - 1});
        }
        return removed;
    }
    CaseId putCase(const CaseRow& row) override {
        const std::lock_guard lock(t.mutex);
        CaseRow kept = row;
        kept.repeated.reset();
        if (kept.id == 0) kept.id = ++t.last_case;
        t.cases.put(kept.id, kept);
        t.case_sources.put(std::pair(kept.owner, kept.source_case_no), kept.id);
        if (!kept.case_no.empty()) t.case_numbers.put(kept.case_no, kept.id);
        return kept.id;
    }
    void putPatch(const PatchRow& row) override { put(t.patches, std::pair(row.index, row.record), row); }
    void putRepeat(CaseId id, const Repeat& row) override {
        const auto stated_by = caseById(id).value().stated_by.value();
        put(t.repeats, std::pair(stated_by.index, stated_by.record), row);
    }
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
    void putCursor(std::string_view connector, std::string_view cursor) override {
        put(t.cursors, std::string(connector), std::string(cursor));
    }
    void putReportNote(std::string_view name, std::string_view body) override {
        put(t.report_notes, std::string(name), std::string(body));
    }
    std::uint64_t putRun(const RunRow& row) override {
        RunRow kept = row;
        if (kept.number == 0) {
            const std::lock_guard lock(t.mutex);
            const auto rows = t.runs.all(true);
            kept.number = rows.empty() ? 1 : rows.rbegin()->first + 1;
        }
        put(t.runs, kept.number, kept);
        return kept.number;
    }
    void putVanished(const VanishedRow& row) override {
        if (!one(t.vanished, row.case_id)) put(t.vanished, row.case_id, row);
    }
    void removeVanished(CaseId id) override {
        if (!one(t.vanished, id)) return;
        const std::lock_guard lock(t.mutex);
        t.vanished.erase(id);
    }
    void putRunPage(const RunPageRow& row) override { put(t.run_pages, std::pair(row.run, row.page), row); }
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
    void putPiece(MemoryTable<MemoryTables::RecordKey, std::string>& pieces, LogIndex index, std::string_view piece) {
        const std::lock_guard lock(t.mutex);
        const auto last = pieces.lastUpTo({index, std::numeric_limits<std::uint64_t>::max()}, true);
        pieces.put({index, last && last->first == index ? last->second + 1 : 0}, std::string(piece));
    }
};

/// What is committed; a snapshot only as long as nobody writes, which is all that tests need.
class MemorySnapshot final : public MemoryReads<StoreSnapshot> {
public:
    explicit MemorySnapshot(MemoryTables& tables) : MemoryReads(tables, false) {}
    std::vector<StoredKey> keys(StoreTable table, std::optional<StoredKey> after, std::size_t limit) override {
        const std::lock_guard lock(t.mutex);
        std::vector<StoredKey> found;
        const auto add = [&](std::uint64_t first, std::uint64_t second = 0) {
            const bool is_behind = !after || std::tie(first, second) > std::tie(after->first, after->second);
            if (is_behind && found.size() < limit) found.push_back({first, second});
        };
        switch (table) {
            case StoreTable::Leaf:
                for (const auto& [key, row] : t.leaves.rows()) add(key);
                break;
            case StoreTable::Tile:
                for (const auto& [key, row] : t.tiles.rows()) add(key.first, key.second);
                break;
            case StoreTable::Checkpoint:
                for (const auto& [key, row] : t.checkpoints.rows()) add(key);
                break;
            case StoreTable::Message:
                for (const auto& [key, row] : t.messages.rows()) add(key);
                break;
            case StoreTable::Envelope:
                for (const auto& [key, row] : t.envelopes.rows()) add(key);
                break;
            case StoreTable::OutcomePart:
                for (const auto& [key, row] : t.outcome_lines.rows()) add(key.first, key.second);
                break;
            case StoreTable::Patch:
                for (const auto& [key, row] : t.patches.rows()) add(key.first, key.second);
                break;
            case StoreTable::Case:
                for (const auto& [key, row] : t.cases.rows()) add(static_cast<std::uint64_t>(key));
                break;
            case StoreTable::Change:
                for (const auto& [key, row] : t.changes.rows()) add(key);
                break;
            case StoreTable::Large:
                for (const auto& [key, row] : t.large.rows()) add(key);
                break;
            case StoreTable::Repeat:
                for (const auto& [key, row] : t.repeats.rows()) add(key.first, key.second);
                break;
        }
        return found;
    }
    /// By an index made at the first call: a verifier asks for each case, and all rows for each case are a square.
    std::vector<PatchRow> historyAfter(CaseId id, LogIndex index, std::uint64_t record, std::size_t limit) override {
        const std::lock_guard lock(t.mutex);
        if (patches_of_.empty())
            for (const auto& [key, row] : t.patches.rows()) patches_of_[row.case_id].push_back(key);
        std::vector<PatchRow> found;
        for (const MemoryTables::RecordKey& key : patches_of_[id])
            if (key > std::pair(index, record) && found.size() < limit) found.push_back(*one(t.patches, key));
        return found;
    }
    std::vector<std::string> foreignSchema() override { return t.foreign_schema; }
    std::optional<ChangeNo> lastChangeOf(CaseId id) override {
        const auto row = caseById(id);
        return row ? std::optional(row->last_change) : std::nullopt;
    }
    std::optional<Repeat> repeatOf(const RecordKey& record) override {
        return one(t.repeats, std::pair(record.index, record.record));
    }
    std::vector<Sha256> certificateIds() override {
        std::vector<Sha256> ids;
        for (const auto& [id, der] : t.certificates.rows()) ids.push_back(id.digest());
        return ids;
    }
    std::vector<Sha256> mappingVersionIds() override {
        std::vector<Sha256> ids;
        for (const auto& [id, files] : t.mapping_versions.rows()) ids.push_back(id);
        return ids;
    }
    std::vector<SystemRow> systems() override { return {}; }
    std::vector<std::string> damage() override { return {}; }

private:
    std::map<CaseId, std::vector<MemoryTables::RecordKey>> patches_of_;
};

class MemoryStore final : public Store {
public:
    std::unique_ptr<StoreWriter> beginWrite() override {
        const std::lock_guard lock(tables_.mutex);
        if (tables_.writing) throw Fault(FaultCode::StoreUnavailable, "another writer has the memory store");
        return std::make_unique<MemoryWriter>(tables_);
    }
    StoreReader& reader() override { return reader_; }
    std::unique_ptr<StoreSnapshot> snapshot() override { return std::make_unique<MemorySnapshot>(tables_); }
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
