// gateway/adapters/sqlite/message_table.cpp - see the header; columns in the order of schema.cpp.
#include "gateway/adapters/sqlite/message_table.hpp"

#include <algorithm>

#include "gateway/adapters/sqlite/packed_key.hpp"

namespace caseway {
namespace {

#define MESSAGE_COLUMNS                                                                                       \
    "log_index, sender, message_id, binding, origin, outcome, content_digest, mapping, refusal_code, fresh, " \
    "changed, same, stale, refused, received_at, tree_size, outcome_index, answer"

template <class Value>
std::int64_t codeOf(Value value) {
    return static_cast<std::int64_t>(value);
}

std::int64_t microsOf(Instant instant) {
    return instant.time_since_epoch().count();
}

template <std::size_t Size>
void copyBytes(std::string_view from, std::array<std::uint8_t, Size>& to) {
    if (from.size() != Size)
        throw Fault(FaultCode::StoreCorrupt, "message: a key of a wrong length", "restore the last backup");
    std::copy(from.begin(), from.end(), to.begin());
}

/// The enumerator behind a stored number, `last` included.
template <class Value>
Value enumOf(std::int64_t number, Value last) {
    if (number < 0 || number > codeOf(last))
        throw Fault(FaultCode::StoreCorrupt, "message: a number that stands for nothing", "restore the last backup");
    return static_cast<Value>(number);
}

std::optional<std::int64_t> outcomeNamed(const std::string& name) {
    for (const auto outcome :
         {MessageOutcome::Accepted, MessageOutcome::Partial, MessageOutcome::Refused, MessageOutcome::Received}) {
        if (nameOf(outcome) == name) return codeOf(outcome);
    }
    return std::nullopt;
}

}  // namespace

MessageReads::MessageReads(SqliteConnection& connection, SystemDictionary& systems, BodyCodec& codec)
    : systems_(systems),
      codec_(codec),
      by_identity_(connection.raw(), "SELECT " MESSAGE_COLUMNS " FROM message WHERE sender = ?1 AND message_id = ?2"),
      by_index_(connection.raw(), "SELECT " MESSAGE_COLUMNS " FROM message WHERE log_index = ?1"),
      by_refused_id_(connection.raw(), "SELECT " MESSAGE_COLUMNS
                                       " FROM message WHERE log_index = (SELECT max(log_index) FROM refused_id"
                                       " WHERE sender = ?1 AND message_id = ?2)"),
      list_(connection.raw(),
            "SELECT " MESSAGE_COLUMNS
            " FROM message WHERE log_index < ?1 AND (?2 IS NULL OR sender = ?2) AND (?3 IS NULL OR outcome = ?3)"
            " AND received_at >= ?4 AND received_at < ?5 ORDER BY log_index DESC LIMIT ?6"),
      envelope_(connection.raw(), "SELECT head, body_file FROM envelope WHERE log_index = ?1"),
      outcome_parts_(connection.raw(), "SELECT lines FROM outcome_part WHERE key BETWEEN ?1 AND ?2 ORDER BY key"),
      next_part_(connection.raw(),
                 "SELECT key, lines FROM outcome_part WHERE key BETWEEN ?1 AND ?2 ORDER BY key LIMIT 1"),
      names_body_file_(connection.raw(), "SELECT 1 FROM envelope WHERE body_file = ?1 LIMIT 1") {}

MessageRow MessageReads::row(const Cursor& cursor) {
    MessageRow row;
    row.index = cursor.number(0);
    if (!cursor.isNull(1)) row.sender = systems_.name(cursor.integer(1));
    if (!cursor.isNull(2)) {
        std::array<std::uint8_t, 16> id{};
        copyBytes(cursor.bytes(2), id);
        row.message_id = MessageId::fromBytes(id);
    }
    row.binding = enumOf(cursor.integer(3), Binding::Http);
    row.origin = enumOf(cursor.integer(4), Origin::Pulled);
    row.outcome = enumOf(cursor.integer(5), MessageOutcome::Received);
    copyBytes(cursor.bytes(6), row.content_digest.bytes);
    row.mapping = cursor.text(7);
    row.refusal_code = cursor.text(8);
    row.counts = {cursor.number(9), cursor.number(10), cursor.number(11), cursor.number(12), cursor.number(13)};
    row.received_at = Instant(std::chrono::microseconds(cursor.integer(14)));
    row.tree_size = cursor.number(15);
    if (!cursor.isNull(16)) row.outcome_index = cursor.number(16);
    row.answer = codec_.decode(cursor.bytes(17));
    return row;
}

std::optional<MessageRow> MessageReads::byId(SqliteStatement& statement, const SystemId& sender, const MessageId& id) {
    const auto number = systems_.find(sender);
    if (!number) return std::nullopt;
    Cursor cursor = statement.query(*number, ByteView(id.bytes()));
    if (!cursor.step()) return std::nullopt;
    return row(cursor);
}

std::optional<MessageRow> MessageReads::byIdentity(const SystemId& sender, const MessageId& id) {
    return byId(by_identity_, sender, id);
}

std::optional<MessageRow> MessageReads::byIndex(LogIndex index) {
    Cursor cursor = by_index_.query(index);
    if (!cursor.step()) return std::nullopt;
    return row(cursor);
}

std::optional<MessageRow> MessageReads::byRefusedId(const SystemId& sender, const MessageId& id) {
    return byId(by_refused_id_, sender, id);
}

std::vector<MessageRow> MessageReads::list(const MessageFilter& filter) {
    std::vector<MessageRow> rows;
    std::optional<std::int64_t> sender;
    if (filter.sender && !(sender = systems_.find(*filter.sender))) return rows;
    std::optional<std::int64_t> outcome;
    if (!filter.outcome.empty() && !(outcome = outcomeNamed(filter.outcome))) return rows;
    const std::uint64_t before = std::min<std::uint64_t>(filter.before.value_or(kLogIndexMax), kLogIndexMax);
    const std::int64_t since = filter.since ? microsOf(*filter.since) : INT64_MIN;
    const std::int64_t until = filter.until ? microsOf(*filter.until) : INT64_MAX;
    Cursor cursor = list_.query(before, sender, outcome, since, until, static_cast<std::uint64_t>(filter.limit));
    while (cursor.step()) rows.push_back(row(cursor));
    return rows;
}

std::optional<EnvelopeRow> MessageReads::envelope(LogIndex index) {
    Cursor cursor = envelope_.query(index);
    if (!cursor.step()) return std::nullopt;
    return EnvelopeRow{codec_.decode(cursor.bytes(0)), cursor.text(1)};
}

std::optional<std::string> MessageReads::outcomeLines(LogIndex index) {
    Cursor cursor = outcome_parts_.query(recordKey(index, 0), recordKey(index, kRecordMax));
    std::optional<std::string> lines;
    while (cursor.step()) {
        if (!lines) {
            lines = codec_.decode(cursor.bytes(0));
        } else {
            *lines += codec_.decode(cursor.bytes(0));
        }
    }
    return lines;
}

std::optional<std::string> MessageReads::nextOutcomePart(LogIndex index, std::uint64_t& part) {
    if (index > kLogIndexMax || part > kRecordMax) return std::nullopt;
    Cursor cursor = next_part_.query(recordKey(index, part), recordKey(index, kRecordMax));
    if (!cursor.step()) return std::nullopt;
    part = recordOf(cursor.integer(0)) + 1;
    return codec_.decode(cursor.bytes(1));
}

bool MessageReads::namesBodyFile(std::string_view body_file) {
    return names_body_file_.query(body_file).step();
}

MessageWrites::MessageWrites(SqliteConnection& connection, SystemDictionary& systems, BodyCodec& codec)
    : database_(connection.raw()),
      systems_(systems),
      codec_(codec),
      put_(database_, "INSERT INTO message(" MESSAGE_COLUMNS
                      ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)"),
      put_refused_id_(database_, "INSERT INTO refused_id(sender, message_id, log_index) VALUES (?1, ?2, ?3)"),
      update_(database_,
              "UPDATE message SET outcome = ?2, fresh = ?3, changed = ?4, same = ?5, stale = ?6, refused = ?7, "
              "tree_size = ?8,"
              " outcome_index = ?9, answer = ?10, refusal_code = ?11 WHERE log_index = ?1"),
      put_envelope_(database_, "INSERT INTO envelope(log_index, body_file, head) VALUES (?1, ?2, ?3)"),
      put_first_part_(database_, "INSERT INTO outcome_part(key, lines) VALUES (?1, ?2) ON CONFLICT DO NOTHING"),
      put_outcome_part_(database_,
                        "INSERT INTO outcome_part(key, lines) SELECT coalesce(max(key) + 1, ?1), ?3 FROM outcome_part"
                        " WHERE key BETWEEN ?1 AND ?2") {}

void MessageWrites::put(const MessageRow& row) {
    CASEWAY_CHECK(row.index <= kLogIndexMax);
    std::optional<std::int64_t> sender;
    if (row.sender) sender = systems_.findOrAdd(*row.sender);
    std::optional<ByteView> id;
    if (row.message_id) id = ByteView(row.message_id->bytes());
    const RecordCounts& counts = row.counts;
    put_.run(row.index, sender, id, codeOf(row.binding), codeOf(row.origin), codeOf(row.outcome),
             ByteView(row.content_digest), row.mapping, row.refusal_code, counts.fresh, counts.changed, counts.same,
             counts.stale, counts.refused, microsOf(row.received_at), row.tree_size, row.outcome_index,
             codec_.encode(row.answer));
}

void MessageWrites::putRefusedId(const SystemId& sender, const MessageId& id, LogIndex index) {
    put_refused_id_.run(systems_.findOrAdd(sender), ByteView(id.bytes()), index);
}

void MessageWrites::update(const MessageRow& row) {
    const RecordCounts& counts = row.counts;
    update_.run(row.index, codeOf(row.outcome), counts.fresh, counts.changed, counts.same, counts.stale, counts.refused,
                row.tree_size, row.outcome_index, codec_.encode(row.answer), row.refusal_code);
    CASEWAY_CHECK(sqlite3_changes(database_) == 1);
}

void MessageWrites::putEnvelope(LogIndex index, const EnvelopeRow& row) {
    std::optional<std::string_view> body_file;
    if (!row.body_file.empty()) body_file = row.body_file;
    put_envelope_.run(index, body_file, codec_.encode(row.head));
}

void MessageWrites::putOutcomeLines(LogIndex index, std::string_view lines) {
    const ByteView encoded = codec_.encodeLines(lines);
    put_first_part_.run(recordKey(index, 0), encoded);
    if (sqlite3_changes(database_) == 1) return;  // all but large messages have one part
    put_outcome_part_.run(recordKey(index, 0), recordKey(index, kRecordMax), encoded);
}

}  // namespace caseway
