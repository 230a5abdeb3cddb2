// gateway/pipeline/answer.hpp - what goes back to a sender: status and body, without any HTTP library.
// The forms: docs/formats/answers.md.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/ids.hpp"
#include "gateway/base/refusal.hpp"

namespace caseway {

struct Answer {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::string location;                   ///< 202: where the outcome will stand
    std::optional<unsigned> retry_after{};  ///< seconds
    std::string_view accept_encoding{};     ///< 415 for a coding: what is taken instead
};

/// Called exactly once, from any thread.
using AnswerSink = std::function<void(Answer)>;

/// The status of a verified message that was refused as a whole: 422, or 415 where its coding is not taken.
int statusOfRefused(std::string_view code);

/// RFC 9457 problem details: code, where, hint, message_id, and the receipt where there is a leaf.
Answer problemAnswer(int status, const Refusal& refusal, const std::optional<MessageId>& message_id = {},
                     std::string_view receipt = {});

/// 503 with Retry-After: nothing was taken, nothing was logged, the sender tries again.
Answer unavailableAnswer(std::string_view code, std::string_view hint);

}  // namespace caseway
