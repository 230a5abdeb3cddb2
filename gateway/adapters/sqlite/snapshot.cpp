// gateway/adapters/sqlite/snapshot.cpp - keys of every table, page by page, and what SQLite finds wrong with itself.
#include "gateway/adapters/sqlite/snapshot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "gateway/adapters/sqlite/packed_key.hpp"
#include "gateway/adapters/sqlite/schema.hpp"
#include "gateway/adapters/sqlite/storage_classes.hpp"
#include "gateway/adapters/sqlite/table_reads.hpp"
#include "gateway/base/fault.hpp"

namespace caseway {
namespace {

constexpr std::size_t kTables = 11;
constexpr int kTileBits = 48;

/// How a table's key is packed: the number of its low bits that are the second part.
struct KeyedTable {
    const char* name;
    const char* key;
    int second_bits;
};
constexpr std::array<KeyedTable, kTables> kKeys = {{{"leaf", "log_index", 0},
                                                    {"tile", "key", kTileBits},
                                                    {"checkpoint", "tree_size", 0},
                                                    {"message", "log_index", 0},
                                                    {"envelope", "log_index", 0},
                                                    {"outcome_part", "key", kRecordBits},
                                                    {"patch", "key", kRecordBits},
                                                    {"case_record", "id", 0},
                                                    {"change", "number", 0},
                                                    {"large", "log_index", 0},
                                                    {"former_repeat", "key", kRecordBits}}};

StoredKey unpacked(std::int64_t key, int second_bits) {
    const auto bits = static_cast<std::uint64_t>(key);
    return {bits >> second_bits, bits & ((1ULL << second_bits) - 1)};
}

std::int64_t packed(const StoredKey& key, int second_bits) {
    return static_cast<std::int64_t>(key.first << second_bits | key.second);
}

class OwnSession {
public:
    OwnSession(const std::string& file, const ConnectionSettings& settings) : session_(file, settings, SIZE_MAX) {}
    ReadSession* session() { return &session_; }

private:
    ReadSession session_;
};

/// Everything that the schema consists of, by name. Tables of SQLite's own have no text and cannot be changed alone.
std::map<std::string, std::string> schemaOf(SqliteConnection& connection) {
    SqliteStatement statement(connection.raw(), "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema");
    std::map<std::string, std::string> schema;
    Cursor cursor = statement.query();
    while (cursor.step()) schema.emplace(cursor.text(0), cursor.text(1));
    return schema;
}

std::map<std::string, std::string> schemaOfOurs() {
    ConnectionSettings settings;
    settings.use = ConnectionSettings::Use::Copy;
    SqliteConnection fresh(":memory:", settings);
    migrate(fresh, schemaMigrations());
    return schemaOf(fresh);
}

std::vector<std::string> foreignIn(SqliteConnection& connection) {
    std::vector<std::string> found;
    const auto stored = schemaOf(connection);
    const auto ours = schemaOfOurs();
    for (const auto& [name, sql] : stored)
        if (const auto known = ours.find(name); known == ours.end() || known->second != sql)
            found.push_back("schema: " + name + " is not as this program makes it");
    for (const auto& [name, sql] : ours)
        if (stored.find(name) == stored.end()) found.push_back("schema: " + name + " is missing");
    return found;
}

class SqliteSnapshot final : public TableReads<StoreSnapshot, OwnSession> {
public:
    SqliteSnapshot(const std::string& file, const ConnectionSettings& settings)
        : TableReads(file, settings), transaction_(session()->connection), repeats_(session()->connection) {
        // The snapshot is taken by the first read, which asks no table: somebody may have put an endless view in its
        // place.
        session()->connection.number("SELECT count(*) FROM sqlite_schema");
        for (std::size_t i = 0; i < kTables; ++i)
            keys_[i] = SqliteStatement(
                session()->connection.raw(),
                fmt::format("SELECT {0} FROM {1} WHERE {0} >= ?1 ORDER BY {0} LIMIT ?2", kKeys[i].key, kKeys[i].name));
        repeated_ = SqliteStatement(session()->connection.raw(),
                                    "SELECT key FROM patch CROSS JOIN case_record CROSS JOIN " REPEAT_OF_CASE
                                    " WHERE key >= ?1 AND case_record.id = coalesce(opens, patch.case_id)"
                                    " AND stated_by = key ORDER BY key LIMIT ?2");
        last_change_of_ =
            SqliteStatement(session()->connection.raw(), "SELECT last_change FROM case_record WHERE id = ?1");
        history_ = SqliteStatement(session()->connection.raw(),
                                   "SELECT key FROM patch WHERE case_id = ?1 AND key > ?2 UNION ALL"
                                   " SELECT key FROM patch WHERE opens = ?1 AND key > ?2 AND key ="
                                   " (SELECT coalesce(opened_by, stated_by) FROM case_record WHERE id = ?1)"
                                   " ORDER BY key LIMIT ?3");
    }

    std::vector<StoredKey> keys(StoreTable table, std::optional<StoredKey> after, std::size_t limit) override {
        const auto place = static_cast<std::size_t>(table);
        const int bits = kKeys[place].second_bits;
        std::vector<StoredKey> found;
        if (after && packed(*after, bits) == INT64_MAX) return found;
        const std::int64_t from = after ? packed(*after, bits) + 1 : INT64_MIN;
        if (table == StoreTable::Change) {  // its rows hold several
            for (const std::int64_t number : session()->changes.numbers(from, limit))
                found.push_back(unpacked(number, bits));
            return found;
        }
        Cursor cursor = keys_[place].query(from, static_cast<std::uint64_t>(limit));
        while (cursor.step()) found.push_back(unpacked(cursor.integer(0), bits));
        if (table == StoreTable::Repeat) addRepeated(from, limit, bits, found);
        return found;
    }

    std::vector<PatchRow> historyAfter(CaseId id, LogIndex index, std::uint64_t record, std::size_t limit) override {
        std::vector<PatchRow> rows;
        Cursor cursor = history_.query(id, recordKey(index, record), static_cast<std::uint64_t>(limit));
        while (cursor.step())
            if (auto row = patch(indexOf(cursor.integer(0)), recordOf(cursor.integer(0))))
                rows.push_back(std::move(*row));
        return rows;
    }

    std::optional<ChangeNo> lastChangeOf(CaseId id) override {
        Cursor cursor = last_change_of_.query(id);
        return cursor.step() ? std::optional(cursor.number(0)) : std::nullopt;
    }

    std::optional<Repeat> repeatOf(const RecordKey& record) override { return repeats_.of(record); }

    std::vector<Sha256> certificateIds() override { return digests("SELECT key_id FROM certificate ORDER BY key_id"); }
    std::vector<Sha256> mappingVersionIds() override { return digests("SELECT id FROM mapping_version ORDER BY id"); }

    std::vector<SystemRow> systems() override {
        SqliteStatement statement(session()->connection.raw(), "SELECT name, department FROM system ORDER BY id");
        std::vector<SystemRow> rows;
        Cursor cursor = statement.query();
        while (cursor.step()) rows.push_back({cursor.text(0), cursor.text(1)});
        return rows;
    }

    std::vector<std::string> foreignSchema() override { return foreignIn(session()->connection); }

    std::vector<std::string> damage() override {
        std::vector<std::string> found;
        SqliteStatement check(session()->connection.raw(), "PRAGMA integrity_check(20)");
        Cursor cursor = check.query();
        while (cursor.step())
            if (cursor.text(0) != "ok") found.push_back(cursor.text(0));
        const std::vector<std::string> foreign = foreignSchema();
        found.insert(found.end(), foreign.begin(), foreign.end());
        if (!foreign.empty()) return found;  // what other tables hold says nothing
        for (std::string& wrong : wrongStorageClasses(session()->connection)) found.push_back(std::move(wrong));
        for (std::string& wrong : brokenChangeRows(session()->connection)) found.push_back(std::move(wrong));
        for (std::string& wrong : brokenRepeatRows(session()->connection)) found.push_back(std::move(wrong));
        for (std::string& wrong : brokenOpenings(session()->connection)) found.push_back(std::move(wrong));
        return found;
    }

private:
    /// Records that their cases stand on, between those that have a row of their own.
    void addRepeated(std::int64_t from, std::size_t limit, int bits, std::vector<StoredKey>& found) {
        const auto own = static_cast<std::ptrdiff_t>(found.size());
        Cursor cursor = repeated_.query(from, static_cast<std::uint64_t>(limit));
        while (cursor.step()) found.push_back(unpacked(cursor.integer(0), bits));
        const auto isBefore = [bits](const StoredKey& a, const StoredKey& b) {
            return packed(a, bits) < packed(b, bits);
        };
        std::inplace_merge(found.begin(), found.begin() + own, found.end(), isBefore);
        found.erase(std::unique(found.begin(), found.end()), found.end());
        if (found.size() > limit) found.resize(limit);
    }
    std::vector<Sha256> digests(std::string_view sql) {
        SqliteStatement statement(session()->connection.raw(), sql);
        std::vector<Sha256> found;
        Cursor cursor = statement.query();
        while (cursor.step()) {
            Sha256& digest = found.emplace_back();
            if (cursor.bytes(0).size() == digest.bytes.size())
                std::copy(cursor.bytes(0).begin(), cursor.bytes(0).end(), digest.bytes.begin());
        }
        return found;
    }

    ReadTransaction transaction_;
    RepeatReads repeats_;
    std::array<SqliteStatement, kTables> keys_;
    SqliteStatement history_;
    SqliteStatement repeated_;
    SqliteStatement last_change_of_;
};

}  // namespace

std::unique_ptr<StoreSnapshot> openSnapshot(const std::string& file, const ConnectionSettings& settings) {
    try {
        return std::make_unique<SqliteSnapshot>(file, settings);
    } catch (const Fault&) {  // a table or column that is asked for is not there
        SqliteConnection connection(file, settings);
        const auto foreign = foreignIn(connection);
        if (foreign.empty()) throw;
        std::string all;
        for (const std::string& line : foreign) all += (all.empty() ? "" : "; ") + line;
        throw Fault(FaultCode::StoreCorrupt, all, "restore the last backup");
    }
}

}  // namespace caseway
