// gateway/adapters/sqlite/standing_reads.cpp - see the header; rows of case_record and repeat side by side.
#include "gateway/adapters/sqlite/standing_reads.hpp"

#include "gateway/adapters/sqlite/packed_key.hpp"

namespace caseway {
namespace {

RecordKey keyOf(std::int64_t packed) {
    return {indexOf(packed), recordOf(packed)};
}
Instant instantOf(std::int64_t micros) {
    return Instant(std::chrono::microseconds(micros));
}

}  // namespace

StandingReads::StandingReads(SqliteConnection& connection, SystemDictionary& systems, BodyCodec& codec)
    : systems_(systems),
      codec_(codec),
      read_(connection.raw(),
            "SELECT id, owner, case_no, state, stated_by, by_key, business_time, sent_at, message_id"
            " FROM case_record LEFT JOIN repeat ON repeat.key = stated_by WHERE id >= ?1 ORDER BY id LIMIT ?2") {}

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
        if (cursor.isNull(4)) continue;
        row.stated_by = keyOf(cursor.integer(4));
        if (cursor.isNull(5)) continue;
        const std::string_view id = cursor.bytes(8);
        std::array<std::uint8_t, 16> bytes{};
        if (id.size() != bytes.size())
            throw Fault(FaultCode::StoreCorrupt, "repeat: a message id of a wrong length", "restore the last backup");
        std::copy(id.begin(), id.end(), bytes.begin());
        row.repeated = {keyOf(cursor.integer(5)), instantOf(cursor.integer(6)), instantOf(cursor.integer(7)),
                        MessageId::fromBytes(bytes)};
    }
    rows.resize(count);
}

}  // namespace caseway
