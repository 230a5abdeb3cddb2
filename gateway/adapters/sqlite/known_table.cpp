// gateway/adapters/sqlite/known_table.cpp - see the header; the notes are mostly digests, which do not compress.
#include "gateway/adapters/sqlite/known_table.hpp"

#include "gateway/adapters/sqlite/packed_key.hpp"

namespace caseway {

KnownReads::KnownReads(SqliteConnection& connection)
    : next_(connection.raw(), "SELECT key, notes FROM known_part WHERE key BETWEEN ?1 AND ?2 ORDER BY key LIMIT 1") {}

std::optional<std::string> KnownReads::next(LogIndex index, std::uint64_t& part) {
    if (index > kLogIndexMax || part > kRecordMax) return std::nullopt;
    Cursor cursor = next_.query(recordKey(index, part), recordKey(index, kRecordMax));
    if (!cursor.step()) return std::nullopt;
    part = recordOf(cursor.integer(0)) + 1;
    return std::string(cursor.bytes(1));
}

KnownWrites::KnownWrites(SqliteConnection& connection)
    : database_(connection.raw()),
      put_(database_,
           "INSERT INTO known_part(key, notes) SELECT coalesce(max(key) + 1, ?1), ?3 FROM known_part"
           " WHERE key BETWEEN ?1 AND ?2"),
      remove_(database_,
              "DELETE FROM known_part WHERE key IN"
              " (SELECT key FROM known_part WHERE key BETWEEN ?1 AND ?2 ORDER BY key LIMIT ?3)") {}

void KnownWrites::put(LogIndex index, std::string_view notes) {
    put_.run(recordKey(index, 0), recordKey(index, kRecordMax), bytesOf(notes));
}

std::size_t KnownWrites::remove(LogIndex index, std::size_t most) {
    remove_.run(recordKey(index, 0), recordKey(index, kRecordMax), static_cast<std::uint64_t>(most));
    return static_cast<std::size_t>(sqlite3_changes(database_));
}

}  // namespace caseway
