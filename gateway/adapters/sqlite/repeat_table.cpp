// gateway/adapters/sqlite/repeat_table.cpp - see the header; columns in the order of schema.cpp.
#include "gateway/adapters/sqlite/repeat_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/adapters/sqlite/packed_key.hpp"
#include "gateway/base/fault.hpp"

namespace caseway {
namespace {

#define REPEAT_COLUMNS "first_case, last_case, by_key, business_time, sent_at, message_id"
#define FORMER_COLUMNS "key, by_key, business_time, sent_at, message_id"

std::int64_t microsOf(Instant at) {
    return at.time_since_epoch().count();
}
std::optional<std::int64_t> microsOf(const std::optional<Instant>& at) {
    return at ? std::optional(microsOf(*at)) : std::nullopt;
}
std::int64_t keyOf(const Repeat& row) {
    return recordKey(row.record.index, row.record.record);
}

RepeatSpan spanAt(const Cursor& cursor) {
    return {cursor.integer(0), cursor.integer(1), repeatAt(cursor, 2)};
}

}  // namespace

Repeat repeatAt(const Cursor& cursor, int column) {
    const std::string_view id = cursor.bytes(column + 3);
    std::array<std::uint8_t, 16> bytes{};
    if (id.size() != bytes.size())
        throw Fault(FaultCode::StoreCorrupt, "repeat: a message id of a wrong length", "restore the last backup");
    std::copy(id.begin(), id.end(), bytes.begin());
    const std::int64_t key = cursor.integer(column);
    const auto at = [&](int which) { return Instant(std::chrono::microseconds(cursor.integer(which))); };
    Repeat row{{indexOf(key), recordOf(key)}, {}, at(column + 2), MessageId::fromBytes(bytes)};
    if (!cursor.isNull(column + 1)) row.business_time = at(column + 1);
    return row;
}

Repeat RepeatSpan::of(CaseId id) const {
    Repeat row = of_first;
    row.record.record += static_cast<std::uint64_t>(id - first);
    return row;
}

bool RepeatSpan::isFollowedBy(const Repeat& next) const {
    return next.record.record == of_first.record.record + static_cast<std::uint64_t>(last - first) + 1 &&
           next.record.index == of_first.record.index && next.sent_at == of_first.sent_at &&
           next.business_time == of_first.business_time && next.message_id == of_first.message_id;
}

RepeatReads::RepeatReads(SqliteConnection& connection)
    : spans_(connection.raw(),
             "SELECT " REPEAT_COLUMNS
             " FROM repeat WHERE first_case <= ?2 AND last_case >= ?1 AND"
             " first_case >= coalesce((SELECT max(first_case) FROM repeat WHERE first_case <= ?1), ?1)"
             " ORDER BY first_case"),
      of_former_(connection.raw(),
                 "SELECT by_key, business_time, sent_at, message_id FROM former_repeat WHERE key = ?1"),
      of_present_(connection.raw(),
                  "SELECT " REPEAT_COLUMNS_OF_CASE " FROM patch CROSS JOIN case_record CROSS JOIN " REPEAT_OF_CASE
                  " WHERE key = ?1 AND case_record.id = coalesce(opens, patch.case_id) AND stated_by = key") {}

void RepeatReads::spans(CaseId first, CaseId last, std::vector<RepeatSpan>& rows) {
    rows.clear();
    Cursor cursor = spans_.query(first, last);
    while (cursor.step()) rows.push_back(spanAt(cursor));
}

std::optional<Repeat> RepeatReads::of(const RecordKey& record) {
    if (record.index > kLogIndexMax || record.record > kRecordMax) return std::nullopt;
    for (SqliteStatement* statement : {&of_present_, &of_former_}) {
        Cursor cursor = statement->query(recordKey(record.index, record.record));
        if (cursor.step()) return repeatAt(cursor, 0);
    }
    return std::nullopt;
}

RepeatWrites::RepeatWrites(SqliteConnection& connection)
    : last_up_to_(connection.raw(),
                  "SELECT " REPEAT_COLUMNS " FROM repeat WHERE first_case <= ?1 ORDER BY first_case DESC LIMIT 1"),
      insert_(connection.raw(), "INSERT INTO repeat(" REPEAT_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6)"),
      shorten_(connection.raw(), "UPDATE repeat SET last_case = ?2 WHERE first_case = ?1"),
      remove_(connection.raw(), "DELETE FROM repeat WHERE first_case BETWEEN ?1 AND ?2"),
      stated_by_(connection.raw(), "SELECT stated_by FROM case_record WHERE id = ?1 AND stated_by IS NOT NULL"),
      put_former_(connection.raw(),
                  "INSERT OR REPLACE INTO former_repeat(" FORMER_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5)") {}

void RepeatWrites::standsOn(CaseId id, std::optional<std::int64_t> stated_by) {
    flush();
    const auto span = lastUpTo(id);
    if (!span || span->last < id) return;
    std::int64_t stood_on = 0;
    {
        Cursor cursor = stated_by_.query(id);
        if (!cursor.step() || cursor.integer(0) == stated_by) return;
        stood_on = cursor.integer(0);
    }
    const Repeat row = span->of(id);
    put_former_.run(stood_on, keyOf(row), microsOf(row.business_time), microsOf(row.sent_at),
                    ByteView(row.message_id.bytes()));
    cut(id, id);
}

void RepeatWrites::flush() {
    if (is_lost_) throw Fault(FaultCode::StoreUnavailable, "rows of this transaction are lost", "try again");
    if (!isWaiting()) return;
    is_lost_ = true;
    const RepeatSpan span = std::exchange(waiting_, {});
    cut(span.first, span.last);
    insert(span);
    is_lost_ = false;
}

std::optional<RepeatSpan> RepeatWrites::lastUpTo(CaseId id) {
    Cursor cursor = last_up_to_.query(id);
    return cursor.step() ? std::optional(spanAt(cursor)) : std::nullopt;
}

void RepeatWrites::insert(const RepeatSpan& span) {
    insert_.run(span.first, span.last, keyOf(span.of_first), microsOf(span.of_first.business_time),
                microsOf(span.of_first.sent_at), ByteView(span.of_first.message_id.bytes()));
}

/// No row tells of these cases any more.
void RepeatWrites::cut(CaseId first, CaseId last) {
    const auto over_end = lastUpTo(last);
    if (!over_end || over_end->last < first) return;
    auto over_begin = over_end;
    if (over_end->first >= first) {
        remove_.run(first, last);
        over_begin = lastUpTo(first);
    }
    if (over_begin && over_begin->last >= first) shorten_.run(over_begin->first, first - 1);
    if (over_end->last > last) insert({last + 1, over_end->last, over_end->of(last + 1)});
}

std::vector<std::string> brokenRepeatRows(SqliteConnection& connection) {
    SqliteStatement rows(
        connection.raw(),
        "SELECT first_case FROM (SELECT first_case, last_case, lead(first_case) OVER (ORDER BY first_case) AS next"
        " FROM repeat) WHERE last_case < first_case OR next <= last_case OR last_case - first_case + 1 <>"
        " (SELECT count(stated_by) FROM case_record WHERE id BETWEEN first_case AND last_case) LIMIT 20");
    std::vector<std::string> found;
    Cursor cursor = rows.query();
    while (cursor.step())
        found.push_back("repeat " + cursor.text(0) + " is not of cases that stand on one record each, once");
    // Of such a record the row of its case tells; another one would stand there unseen.
    SqliteStatement doubled(connection.raw(),
                            "SELECT key FROM case_record CROSS JOIN former_repeat ON key = stated_by LIMIT 20");
    Cursor twice = doubled.query();
    while (twice.step()) found.push_back("former_repeat " + twice.text(0) + " is of a record that its case stands on");
    return found;
}

}  // namespace caseway
