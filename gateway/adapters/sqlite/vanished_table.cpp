// gateway/adapters/sqlite/vanished_table.cpp - see the header; columns in the order of schema.cpp.
#include "gateway/adapters/sqlite/vanished_table.hpp"

namespace caseway {
namespace {

VanishedRow rowAt(const Cursor& cursor) {
    return {cursor.integer(0), cursor.number(1), Instant(std::chrono::microseconds(cursor.integer(2)))};
}

}  // namespace

VanishedReads::VanishedReads(SqliteConnection& connection)
    : of_(connection.raw(), "SELECT case_id, run, at FROM vanished WHERE case_id = ?1"),
      after_(connection.raw(), "SELECT case_id, run, at FROM vanished WHERE case_id > ?1 ORDER BY case_id LIMIT ?2") {}

std::optional<VanishedRow> VanishedReads::of(CaseId id) {
    Cursor cursor = of_.query(id);
    return cursor.step() ? std::optional(rowAt(cursor)) : std::nullopt;
}

std::vector<VanishedRow> VanishedReads::after(CaseId after, std::size_t limit) {
    const auto most = static_cast<std::uint64_t>(limit);
    Cursor cursor = after_.query(after, most);
    std::vector<VanishedRow> found;
    while (cursor.step()) found.push_back(rowAt(cursor));
    return found;
}

VanishedWrites::VanishedWrites(SqliteConnection& connection)
    : put_(connection.raw(), "INSERT OR IGNORE INTO vanished(case_id, run, at) VALUES(?1, ?2, ?3)"),
      remove_(connection.raw(), "DELETE FROM vanished WHERE case_id = ?1") {}

void VanishedWrites::put(const VanishedRow& row) {
    const std::int64_t at = row.at.time_since_epoch().count();
    put_.run(row.case_id, row.run, at);
}

void VanishedWrites::remove(CaseId id) {
    remove_.run(id);
}

}  // namespace caseway
