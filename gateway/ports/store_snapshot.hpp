// gateway/ports/store_snapshot.hpp - a store as it stood at one moment, with every row of every table within reach: for
// who holds the whole of it against the log. The gateway itself never asks for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/ports/store.hpp"

namespace caseway {

/// Tables whose rows have numbers as keys.
enum class StoreTable { Leaf, Tile, Checkpoint, Message, Envelope, OutcomePart, Patch, Case, Change, Large, Repeat };

/// The key of a row. Tile: level and number. OutcomePart: leaf and part. Patch, Repeat (of the
/// record that is repeated): leaf and record. Else one number and 0.
/// A key that no row of ours can have (negative) comes as a huge number.
struct StoredKey {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    bool operator==(const StoredKey&) const = default;
};

/// A row of the dictionary of systems.
struct SystemRow {
    std::string name;
    std::string department;
};

/// Not callable concurrently. Rows that cannot be read throw Fault{StoreCorrupt}, each for itself; the others can be
/// read. While it lives the store cannot shrink its write-ahead log.
class StoreSnapshot : public StoreReader {
public:
    /// Ascending; the first `limit` behind `after`.
    virtual std::vector<StoredKey> keys(StoreTable table, std::optional<StoredKey> after, std::size_t limit) = 0;
    /// As history(), behind (index, record).
    virtual std::vector<PatchRow> historyAfter(CaseId id, LogIndex index, std::uint64_t record, std::size_t limit) = 0;
    /// CaseRow::last_change alone; nothing where there is no such row. Reads no state.
    virtual std::optional<ChangeNo> lastChangeOf(CaseId id) = 0;
    /// The newest repetition of a record.
    virtual std::optional<Repeat> repeatOf(const RecordKey& record) = 0;
    /// Ids of all archived ones; a key that is no digest comes as zeros.
    virtual std::vector<Sha256> certificateIds() = 0;
    virtual std::vector<Sha256> mappingVersionIds() = 0;
    virtual std::vector<SystemRow> systems() = 0;
    /// Tables, indexes, views and triggers that are not as this program makes them, a line each: where there is any,
    /// what a table holds says nothing, and reading it may have no end. Reads no table.
    virtual std::vector<std::string> foreignSchema() = 0;
    /// What the database itself finds wrong: pages, indexes against their tables, a schema that is not ours. Reads
    /// everything once.
    virtual std::vector<std::string> damage() = 0;
};

}  // namespace caseway
