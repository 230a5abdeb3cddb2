// tests/support/memory_tables.hpp - the rows of a store in memory (memory_store.hpp), open for tests that tamper with
// them.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

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
    /// All rows in the order of their keys, without a copy, until `see` returns false.
    template <class See>
    void each(bool in_transaction, See see) const {
        range(rows_.begin(), in_transaction ? changes_.begin() : changes_.end(), see);
    }
    /// Those from a key on.
    template <class See>
    void eachFrom(const K& first, bool in_transaction, See see) const {
        range(rows_.lower_bound(first), in_transaction ? changes_.lower_bound(first) : changes_.end(), see);
    }
    /// The last key up to this one.
    std::optional<K> lastUpTo(const K& key, bool in_transaction) const {
        std::optional<K> last;
        if (const auto behind = rows_.upper_bound(key); behind != rows_.begin()) last = std::prev(behind)->first;
        if (!in_transaction) return last;
        for (auto at = changes_.upper_bound(key); at != changes_.begin();)
            if ((--at)->second) return !last || *last < at->first ? at->first : *last;
        return last;
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
    using Row = typename std::map<K, V>::const_iterator;
    using Change = typename std::map<K, std::optional<V>>::const_iterator;
    template <class See>
    void range(Row row, Change change, See see) const {
        while (row != rows_.end() || change != changes_.end()) {
            const bool is_changed = change != changes_.end() && (row == rows_.end() || change->first <= row->first);
            const V* value = is_changed ? (change->second ? &*change->second : nullptr) : &row->second;
            const K& key = is_changed ? change->first : row->first;
            if (value != nullptr && !see(key, *value)) return;
            if (row != rows_.end() && (!is_changed || row->first == change->first)) ++row;
            if (is_changed) ++change;
        }
    }
    std::map<K, V> rows_;
    std::map<K, std::optional<V>> changes_;
};

struct MemoryTables {
    using RecordKey = std::pair<LogIndex, std::uint64_t>;
    MemoryTable<LogIndex, MessageRow> messages;
    MemoryTable<std::pair<SystemId, MessageId>, LogIndex> message_ids, refused_ids;
    MemoryTable<LogIndex, EnvelopeRow> envelopes;
    std::set<LogIndex> damaged_envelopes{};     ///< whose bytes nobody can read any more
    std::vector<std::string> foreign_schema{};  ///< what a snapshot says of its own
    MemoryTable<CaseId, CaseRow> cases;
    MemoryTable<std::string, CaseId> case_numbers;
    MemoryTable<std::pair<SystemId, std::string>, CaseId> case_sources;
    MemoryTable<RecordKey, PatchRow> patches;
    MemoryTable<RecordKey, Repeat> repeats;
    MemoryTable<ChangeNo, ChangeRow> changes;
    MemoryTable<LogIndex, std::string> leaves;
    MemoryTable<std::pair<std::uint32_t, std::uint64_t>, std::string> tiles;
    MemoryTable<std::uint64_t, CheckpointRow> checkpoints;
    MemoryTable<KeyId, std::string> certificates;
    MemoryTable<Sha256, std::string> mapping_versions;
    MemoryTable<LogIndex, LargeRow> large;
    MemoryTable<std::string, std::string> meta;
    MemoryTable<std::string, std::string> cursors, report_notes;
    MemoryTable<std::uint64_t, RunRow> runs;
    MemoryTable<std::pair<std::uint64_t, std::uint64_t>, RunPageRow> run_pages;
    MemoryTable<CaseId, VanishedRow> vanished;
    MemoryTable<RecordKey, std::string> outcome_lines, known_parts;  ///< a message's pieces, numbered

    template <class F>
    void each(F apply) {
        apply(messages), apply(message_ids), apply(refused_ids), apply(envelopes), apply(outcome_lines), apply(cases),
            apply(case_numbers), apply(case_sources), apply(patches), apply(repeats), apply(changes);
        apply(leaves), apply(tiles), apply(checkpoints), apply(certificates), apply(mapping_versions), apply(large),
            apply(meta), apply(cursors), apply(report_notes), apply(runs), apply(run_pages), apply(vanished),
            apply(known_parts);
    }
    std::recursive_mutex mutex;
    bool writing = false;
    CaseId last_case = 0;
    std::uint64_t leaf_count = 0;  ///< committed
    std::uint64_t pending_leaf_count = 0;
    ChangeNo last_change = 0, pending_last_change = 0;
};

}  // namespace caseway::testing
