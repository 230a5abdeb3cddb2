// gateway/domain/message.hpp - one signed unit as its parts: header, binding, what was proved about it.
// The fields and their rules: docs/formats/messages.md.
#pragma once

#include <optional>
#include <string>

#include "gateway/base/ids.hpp"
#include "gateway/base/time.hpp"

namespace caseway {

enum class Binding { Xml, Json, Http };
constexpr std::string_view nameOf(Binding binding) {
    return binding == Binding::Xml ? "xml" : binding == Binding::Json ? "json" : "http";
}

/// How a message reached us: pushed and signed by the department, or pulled and attested by the gateway.
enum class Origin { Signed, Pulled };
constexpr std::string_view nameOf(Origin origin) {
    return origin == Origin::Signed ? "signed" : "pulled";
}

/// The header of the protocol, the same in all three bindings.
struct MessageHeader {
    MessageId message_id;
    SystemId sender;
    std::string receiver;
    Instant sent_at{};
    std::string sent_at_text;  ///< as sent: a part of the signed content
    std::string mapping;       ///< empty where the system has just one
    std::optional<MessageId> correlation_id;
    std::optional<MessageId> previous_id;

    bool operator==(const MessageHeader&) const = default;
};

}  // namespace caseway
