// tests/support/store_rows.hpp - rows for tests of the store: one complete message per call, all of it made from its
// number.
#pragma once

#include <string>

#include "gateway/ports/store.hpp"

namespace caseway::fixture {

inline SystemId systemNamed(std::string_view name) {
    return SystemId::parse(name).value();
}

inline Sha256 digestOf(std::uint64_t number) {
    Sha256 digest;
    for (int i = 0; i < 8; ++i)
        digest.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(number >> (8 * i));
    return digest;
}

inline MessageId messageIdOf(std::uint64_t number) {
    std::array<std::uint8_t, 16> bytes{};
    for (int i = 0; i < 8; ++i)
        bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>((number * 0x9E3779B97F4A7C15ULL) >> (8 * i));
    for (int i = 0; i < 8; ++i) bytes[static_cast<std::size_t>(8 + i)] = static_cast<std::uint8_t>(number >> (8 * i));
    return MessageId::fromBytes(bytes);
}

inline Instant second(std::int64_t seconds) {
    return Instant(std::chrono::seconds(1'770'000'000 + seconds));
}

inline MessageRow messageRow(LogIndex index, std::string_view sender = "housing/permits") {
    MessageRow row;
    row.index = index;
    row.sender = systemNamed(sender);
    row.message_id = messageIdOf(index);
    row.binding = Binding::Json;
    row.content_digest = digestOf(index);
    row.mapping = "housing.permit";
    row.counts.fresh = 1;
    row.received_at = second(static_cast<std::int64_t>(index));
    row.tree_size = index + 1;
    row.answer = "{\"counts\":" + std::to_string(index) + "}";
    return row;
}

inline CaseRow caseRow(std::string_view source_case_no, std::string_view owner = "housing/permits") {
    CaseRow row;
    row.owner = systemNamed(owner);
    row.department = "code-of-" + std::string(row.owner.department());
    row.source_case_no = source_case_no;
    row.state = "{\"source_case_no\":\"" + std::string(source_case_no) + "\"}";
    row.status = "accepted";
    row.changed_at = second(0);
    row.last_change = 1;
    return row;
}

inline std::string leafOf(LogIndex index) {
    return "{\"leaf\":" + std::to_string(index) + "}";
}

/// Writes message `index` whole, with one new case and its change: the shape of the pipeline's transaction.
inline CaseId writeMessage(StoreWriter& writer, LogIndex index, std::string_view sender = "housing/permits") {
    writer.putMessage(messageRow(index, sender));
    writer.putEnvelope(index, {"envelope " + std::to_string(index), ""});
    writer.putOutcomeLines(index, "{\"record\":1}\n");
    CaseRow row = caseRow("S-" + std::to_string(index), sender);
    row.last_change = writer.lastChange() + 1;
    const CaseId id = writer.putCase(row);
    writer.putPatch({index, 1, id, RecordOutcome::New, "{\"patch\":" + std::to_string(index) + "}"});
    writer.putChange({row.last_change, id, index, 1});
    writer.putLeaf(index, leafOf(index));
    writer.putCheckpoint({index + 1, "note of size " + std::to_string(index + 1)});
    return id;
}

/// What is wrong with the store's log, messages, cases and feed taken together; empty where all fits. `size`: leaves
/// expected.
inline std::string whatIsWrong(StoreReader& reader, std::uint64_t size) {
    for (LogIndex index = 0; index < size; ++index) {
        const std::string at = " at " + std::to_string(index);
        if (reader.leaf(index) != leafOf(index)) return "leaf" + at;
        if (!reader.message(index)) return "message" + at;
        if (!reader.envelope(index)) return "envelope" + at;
        const auto patch = reader.patch(index, 1);
        if (!patch || !reader.caseById(patch->case_id)) return "patch or case" + at;
    }
    if (reader.leaf(size)) return "a leaf too many";
    const auto head = reader.lastCheckpoint();
    if ((head ? head->tree_size : 0) != size) return "head";
    const auto changes = reader.changes(0, size + 10);
    if (changes.size() != size || reader.lastChange() != size) return "feed";
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (changes[i].number != i + 1) return "gap in the feed";
    }
    return {};
}

}  // namespace caseway::fixture
