// gateway/adapters/sqlite/message_table.hpp - statements over message, envelope and outcome_part of one connection.
#pragma once

#include "gateway/adapters/sqlite/body_codec.hpp"
#include "gateway/adapters/sqlite/statement.hpp"
#include "gateway/adapters/sqlite/system_dictionary.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

class MessageReads {
public:
    MessageReads(SqliteConnection& connection, SystemDictionary& systems, BodyCodec& codec);
    std::optional<MessageRow> byIdentity(const SystemId& sender, const MessageId& id);
    std::optional<MessageRow> byIndex(LogIndex index);
    std::optional<MessageRow> byRefusedId(const SystemId& sender, const MessageId& id);
    std::vector<MessageRow> list(const MessageFilter& filter);
    std::optional<EnvelopeRow> envelope(LogIndex index);
    std::optional<std::string> outcomeLines(LogIndex index);
    /// `part` moves on also where the piece cannot be decoded.
    std::optional<std::string> nextOutcomePart(LogIndex index, std::uint64_t& part);
    bool namesBodyFile(std::string_view body_file);

private:
    std::optional<MessageRow> byId(SqliteStatement& statement, const SystemId& sender, const MessageId& id);
    MessageRow row(const Cursor& cursor);

    SystemDictionary& systems_;
    BodyCodec& codec_;
    SqliteStatement by_identity_, by_index_, by_refused_id_, list_, envelope_, outcome_parts_, next_part_,
        names_body_file_;
};

class MessageWrites {
public:
    MessageWrites(SqliteConnection& connection, SystemDictionary& systems, BodyCodec& codec);
    void put(const MessageRow& row);
    void putRefusedId(const SystemId& sender, const MessageId& id, LogIndex index);
    void update(const MessageRow& row);
    void putEnvelope(LogIndex index, const EnvelopeRow& row);
    void putOutcomeLines(LogIndex index, std::string_view lines);

private:
    sqlite3* database_;
    SystemDictionary& systems_;
    BodyCodec& codec_;
    SqliteStatement put_, put_refused_id_, update_, put_envelope_, put_first_part_, put_outcome_part_;
};

}  // namespace caseway
