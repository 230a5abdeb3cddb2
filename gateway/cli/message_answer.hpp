// gateway/cli/message_answer.hpp - a gateway's answer to a message, told to people, and its receipt checked. For
// `message send` and `message status`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/bytes.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/base/ids.hpp"
#include "gateway/base/time.hpp"
#include "gateway/cli/https_client.hpp"

namespace caseway {

/// One line: "housing/permits json 200 partial, 1 new, 1 refused (/cases/1: id_number_wrong)".
std::string briefOf(const HttpReply& reply, std::string_view sender, std::string_view binding);
/// What its reader needs where not all of it was taken: "  message 0b7b9a52-…; next: correct the code table".
std::string nextOfBrief(const HttpReply& reply, std::string_view id);

/// Says on stderr what became of message `id`: one line where it was taken whole; what was refused, with code, place,
/// rule and next step, and how many records of how many.
void sayAnswer(const HttpReply& reply, std::string_view id);

/// True where nothing of it was refused: taken whole, or received and being applied.
bool isTakenWhole(const HttpReply& reply);
/// True where the answer says that the message is in the log as taken: 200 or 202, with an outcome.
bool isTaken(const HttpReply& reply);
/// True where it is no answer of a gateway: neither an outcome nor a code; such as a proxy's page.
bool isNoAnswer(const HttpReply& reply);

/// What the leaf of a receipt must name, as far as it is known here.
struct AskedMessage {
    MessageId id;
    std::optional<SystemId> sender;
    std::optional<Instant> sent_at;
    std::optional<Sha256> payload_digest;
};

/// The receipt is good, and another message's: it proves nothing of this one.
class ReceiptOfAnother : public Fault {
    using Fault::Fault;
};

/// Verifies the receipt of an answer, that it is of the message that was asked about, and the answer's words against
/// it, with the public key in `log_key_file`, and advances the head kept beside that file. Throws Fault, and
/// ReceiptOfAnother.
void checkReceipt(const HttpReply& reply, const AskedMessage& asked, const HttpTarget& gateway,
                  const std::string& log_key_file);

}  // namespace caseway
