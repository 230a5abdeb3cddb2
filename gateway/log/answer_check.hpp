// gateway/log/answer_check.hpp - what an answer says around its receipt, held against the leaf: the leaf names the
// message, the outcome, and the digest of the words about its records. Format: docs/formats/message-log.md, "Answer".
#pragma once

#include <string_view>

#include "gateway/log/receipt.hpp"

namespace caseway {

/// `json`: a whole answer, or a receipt alone (which has nothing to check); `verified`: its receipt. Refusals:
/// answer_differs with the member in `where`, malformed_receipt. Members that are for people only (`title`, `detail`,
/// `hint`) are not covered by the leaf and not looked at.
Result<Done> checkAnswer(std::string_view json, const VerifiedReceipt& verified);

}  // namespace caseway
