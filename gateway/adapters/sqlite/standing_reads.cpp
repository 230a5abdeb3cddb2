// gateway/adapters/sqlite/standing_reads.cpp - see the header; rows of case_record, and of repeat in step with them.
#include "gateway/adapters/sqlite/standing_reads.hpp"

#include "gateway/adapters/sqlite/packed_key.hpp"

namespace caseway {
namespace {

RecordKey keyOf(std::int64_t packed) {
    return {indexOf(packed), recordOf(packed)};
}

}  // namespace

StandingReads::StandingReads(SqliteConnection& connection, SystemDictionary& systems, BodyCodec& codec)
    : systems_(systems),
      codec_(codec),
      read_(connection.raw(),
            "SELECT id, owner, case_no, state, stated_by FROM case_record WHERE id >= ?1 ORDER BY id LIMIT ?2"),
      repeats_(connection) {}

void StandingReads::from(CaseId first, std::size_t limit, std::vector<CaseRow>& rows) {
    std::size_t count = 0;
    Cursor cursor = read_.query(first, static_cast<std::uint64_t>(limit));
    for (; cursor.step(); ++count) {
        if (count == rows.size()) rows.emplace_back();
        CaseRow& row = rows[count];
        row.id = cursor.integer(0);
        row.owner = systems_.name(cursor.integer(1));
        row.case_no.assign(cursor.bytes(2));
        codec_.decode(cursor.bytes(3), row.state);
        row.stated_by.reset();
        row.repeated.reset();
        if (!cursor.isNull(4)) row.stated_by = keyOf(cursor.integer(4));
    }
    rows.resize(count);
    if (rows.empty()) return;
    repeats_.spans(rows.front().id, rows.back().id, spans_);
    auto row = rows.begin();
    for (const RepeatSpan& span : spans_) {
        while (row != rows.end() && row->id < span.first) ++row;
        for (; row != rows.end() && row->id <= span.last; ++row) row->repeated = span.of(row->id);
    }
}

}  // namespace caseway
