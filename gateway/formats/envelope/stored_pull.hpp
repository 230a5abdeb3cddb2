// gateway/formats/envelope/stored_pull.hpp - what the gateway keeps of a payload that it fetched itself: one line of
// canonical JSON that says where it came from, then "\n" and the payload, if it is kept inline. The gateway attests by
// leaf and checkpoint what it read and when; where the payload bears a signature that was good, the line names its
// form; what signs the answer that brought it stands there too. Format: docs/formats/messages.md, "What is stored".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/result.hpp"
#include "gateway/domain/answer_head.hpp"
#include "gateway/domain/message.hpp"
#include "gateway/domain/pulled_signature.hpp"
#include "gateway/domain/reconciliation.hpp"

namespace caseway {

struct PulledHead {
    MessageHeader header;   ///< that of the signed message, or made by the gateway; sender is the system that is read
    std::string connector;  ///< `housing/permits/outbox`
    std::uint64_t run = 0;
    std::uint64_t page = 0;  ///< from 1
    std::uint64_t part = 0;  ///< payload in its page, from 1
    std::string name;        ///< of the file, the request or the rows, as the connector gave it
    std::string media_type;
    Repair repair = Repair::Both;  ///< of a reconciliation that may do less: what of its records is taken
    SignatureForm signature = SignatureForm::None;  ///< that was verified
    std::optional<AnswerHead> answer{};             ///< where that is signed, whether it was good or not
};

std::string storedPull(const PulledHead& head);

struct StoredPull {
    PulledHead head;
    std::string_view payload;  ///< what stands behind the first line
};
/// Refusal malformed_envelope: not what storedPull() writes.
Result<StoredPull> readStoredPull(std::string_view stored);

}  // namespace caseway
