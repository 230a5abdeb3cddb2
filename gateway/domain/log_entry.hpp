// gateway/domain/log_entry.hpp - one leaf of the message log as plain values; its canonical JSON:
// docs/formats/message-log.md. No personal data may ever stand here.
#pragma once

#include <optional>
#include <string>

#include "gateway/base/bytes.hpp"
#include "gateway/base/ids.hpp"
#include "gateway/base/time.hpp"
#include "gateway/domain/message.hpp"
#include "gateway/domain/outcome.hpp"

namespace caseway {

enum class EntryType { Message, Received, Outcome, Refusal, Audit, Run, Aggregate };
constexpr std::string_view nameOf(EntryType type) {
    constexpr std::string_view kNames[] = {"message", "received", "outcome", "refusal", "audit", "run", "aggregate"};
    return kNames[static_cast<std::size_t>(type)];
}

struct LogEntry {
    EntryType type = EntryType::Message;
    std::optional<MessageId> message_id;
    std::optional<SystemId> sender;
    std::optional<Binding> binding;
    Origin origin = Origin::Signed;
    Instant received_at{};
    std::optional<Sha256> envelope_digest;  ///< of the stored envelope bytes
    std::optional<Sha256> payload_digest;   ///< of the payload bytes: docs/formats/messages.md says which, per binding
    std::optional<KeyId> certificate;       ///< SHA-256 of the signing certificate
    std::optional<Sha256> mapping_version;  ///< SHA-256 of the mapping's files
    std::optional<MessageOutcome> outcome;
    std::optional<RecordCounts> counts;
    std::optional<Sha256> outcomes_root;  ///< RFC 6962 root over the records' outcome lines
    std::optional<Instant> sent_at;       ///< as the signed header states it
    std::string department;  ///< the sender's as the register had it: what the records' statements count for
    std::optional<Sha256> answer_digest;           ///< of the words that the sender was answered, as they are stored
    std::string refusal_code;                      ///< of the message, where it was refused as a whole
    std::optional<std::uint64_t> received_index;   ///< type outcome: the leaf of type received that it completes
    std::optional<std::uint64_t> aggregate_count;  ///< type aggregate: unauthenticated requests that it stands for
    std::string detail;  ///< types audit and run: canonical JSON object of the event; else empty
};

}  // namespace caseway
