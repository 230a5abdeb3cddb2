// gateway/cli/message_answer.hpp - a gateway's answer to a message, told to people, and its receipt checked. For
// `message send` and `message status`.
#pragma once

#include <string>
#include <string_view>

#include "gateway/cli/https_client.hpp"

namespace caseway {

/// One line: "housing/permits json 200 partial, 1 new, 1 refused (/cases/1: id_number_wrong)".
std::string briefOf(const HttpReply& reply, std::string_view sender, std::string_view binding);

/// Says on stderr what became of message `id`: one line where it was taken whole; what was refused, with code, place,
/// rule and next step, and how many records of how many.
void sayAnswer(const HttpReply& reply, std::string_view id);

/// True where nothing of it was refused: taken whole, or received and being applied.
bool isTakenWhole(const HttpReply& reply);
/// True where the message is in the log as taken: 200 or 202.
bool isTaken(const HttpReply& reply);

/// Verifies the receipt of an answer, and the answer's words against it, with the public key in `log_key_file`, and
/// advances the head kept beside that file. Throws Fault.
void checkReceipt(const HttpReply& reply, const HttpTarget& gateway, const std::string& log_key_file);

}  // namespace caseway
