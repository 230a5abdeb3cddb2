// gateway/formats/envelope/header_fields.hpp - the protocol's header, collected field by field from any binding and
// checked once; its canonical JSON; the content digest over it. Rules: docs/formats/messages.md, "Header".
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/result.hpp"
#include "gateway/domain/message.hpp"

namespace caseway {

inline constexpr std::size_t kHeaderFieldCount = 7;
struct HeaderFieldNames {
    std::string_view xml, json, http;
};
/// In the order in which we write them.
inline constexpr std::array<HeaderFieldNames, kHeaderFieldCount> kHeaderFieldNames = {{
    {"MessageId", "message_id", "caseway-message-id"},
    {"Sender", "sender", "caseway-sender"},
    {"Receiver", "receiver", "caseway-receiver"},
    {"SentAt", "sent_at", "caseway-sent-at"},
    {"Mapping", "mapping", "caseway-mapping"},
    {"CorrelationId", "correlation_id", "caseway-correlation-id"},
    {"PreviousId", "previous_id", "caseway-previous-id"},
}};

class HeaderFields {
public:
    explicit HeaderFields(Binding binding) : binding_(binding) {}
    /// Takes one field by its name in the binding. Refusal malformed_header: an unknown name, a second one, or too
    /// long.
    Result<Done> set(std::string_view name, std::string_view value);
    /// The same, but a refusal is kept until finish(): whose mistake it is must be known first.
    void take(std::string_view name, std::string_view value);
    const std::optional<Refusal>& refused() const { return refused_; }
    /// The id alone, before anything is verified; nothing where it is no UUID.
    std::optional<MessageId> messageId() const;
    /// The sender alone, before anything is verified. Refusal: malformed_header.
    Result<SystemId> sender() const;
    /// All of it, each rule checked; what take() kept comes first. Refusal: malformed_header.
    Result<MessageHeader> finish() const;

private:
    std::string_view nameAt(std::size_t field) const;
    Refusal refusal(std::size_t field, std::string_view rule) const;
    Result<std::optional<MessageId>> optionalId(std::size_t field) const;

    Binding binding_;
    std::array<std::optional<std::string>, kHeaderFieldCount> values_;
    std::optional<Refusal> refused_;
};

/// The header's values in the order of kHeaderFieldNames; empty where absent.
std::array<std::string, kHeaderFieldCount> headerValues(const MessageHeader& header);
/// Canonical JSON (RFC 8785) of the header, members that are absent left out, `sent_at` as sent.
std::string canonicalHeader(const MessageHeader& header);
/// SHA-256 of `{"header":…,"payload":"<hex>"}`, canonical.
Sha256 contentDigest(const MessageHeader& header, const Sha256& payload_digest);

}  // namespace caseway
