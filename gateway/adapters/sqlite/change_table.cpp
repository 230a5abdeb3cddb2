// gateway/adapters/sqlite/change_table.cpp - see the header; columns in the order of schema.cpp.
#include "gateway/adapters/sqlite/change_table.hpp"

#include <algorithm>
#include <utility>

#include "gateway/adapters/sqlite/first_numbers.hpp"
#include "gateway/adapters/sqlite/packed_key.hpp"

namespace caseway {

// The row that holds a number is the last one that begins at or before it. There is no gap but behind a restore.
ChangeReads::ChangeReads(SqliteConnection& connection)
    : rows_(connection.raw(),
            "SELECT number, case_id, patch_key, more FROM change WHERE number >="
            " coalesce((SELECT max(number) FROM change WHERE number <= ?1), ?1) ORDER BY number LIMIT ?2"),
      last_(connection.raw(), kLastChangeSql) {}

/// Calls `take` with the place of each number from `from` on: (number, how far behind its row's first, the row).
template <class Each>
void ChangeReads::each(std::int64_t from, std::size_t limit, Each take) {
    Cursor cursor = rows_.query(from, static_cast<std::uint64_t>(limit) + 1);
    while (limit != 0 && cursor.step()) {
        const std::int64_t first = cursor.integer(0);
        const std::int64_t most = std::min<std::int64_t>(kRecordMax, INT64_MAX - std::max<std::int64_t>(first, 0));
        const std::int64_t more = std::clamp<std::int64_t>(cursor.integer(3), 0, most);
        if (first + more < from) continue;
        for (std::int64_t at = std::max<std::int64_t>(from, first) - first; at <= more && limit != 0; ++at, --limit)
            take(first + at, at, cursor);
    }
}

std::vector<ChangeRow> ChangeReads::after(ChangeNo after, std::size_t limit) {
    std::vector<ChangeRow> rows;
    if (after >= INT64_MAX) return rows;
    each(static_cast<std::int64_t>(after) + 1, limit, [&](std::int64_t number, std::int64_t at, const Cursor& row) {
        const std::int64_t key = row.integer(2) + at;
        rows.push_back({static_cast<ChangeNo>(number), row.integer(1) + at, indexOf(key), recordOf(key)});
    });
    return rows;
}

ChangeNo ChangeReads::last() {
    Cursor cursor = last_.query();
    return cursor.step() ? cursor.number(0) : 0;
}

std::vector<std::int64_t> ChangeReads::numbers(std::int64_t from, std::size_t limit) {
    std::vector<std::int64_t> found;
    each(from, limit, [&](std::int64_t number, std::int64_t, const Cursor&) { found.push_back(number); });
    return found;
}

std::vector<std::string> brokenChangeRows(SqliteConnection& connection) {
    SqliteStatement rows(connection.raw(),
                         "SELECT number, next <= number + more FROM (SELECT number, patch_key, more, lead(number)"
                         " OVER (ORDER BY number) AS next FROM change) WHERE more < 0 OR next <= number + more OR"
                         " more > 0 AND patch_key + more > (SELECT max(key) FROM patch WHERE key <= patch_key | ?1)"
                         " LIMIT 20");
    std::vector<std::string> found;
    Cursor cursor = rows.query(kRecordMax);  // the last record that its leaf may have
    while (cursor.step())
        found.push_back("change " + cursor.text(0) +
                        (cursor.integer(1) != 0 ? " does not end before the next row begins"
                                                : " is of more records than there are behind its first"));
    return found;
}

ChangeWrites::ChangeWrites(SqliteConnection& connection)
    : put_(connection.raw(), "INSERT INTO change(number, case_id, patch_key, more) VALUES (?1, ?2, ?3, ?4)") {}

void ChangeWrites::put(const ChangeRow& row) {
    const auto steps = static_cast<std::uint64_t>(more_ + 1);
    if (more_ != kNone && row.number == first_.number + steps && row.index == first_.index &&
        row.record == first_.record + steps && row.case_id == first_.case_id + more_ + 1) {
        ++more_;
        return;
    }
    flush();
    first_ = row;
    more_ = 0;
}

void ChangeWrites::flush() {
    if (more_ == kNone) return;
    const std::int64_t more = std::exchange(more_, kNone);
    put_.run(first_.number, first_.case_id, recordKey(first_.index, first_.record), more);
}

}  // namespace caseway
