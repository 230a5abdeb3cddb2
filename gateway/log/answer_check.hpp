// gateway/log/answer_check.hpp - what an answer says around its receipt, held against the leaf: the leaf names the
// message, the outcome, and the digest of the words about its records. Format: docs/formats/message-log.md, "Answer".
#pragma once

#include <string_view>

#include "gateway/log/receipt.hpp"

namespace caseway {

/// `json`: a whole answer, or a receipt alone (which has nothing to check); `verified`: its receipt, under `key`. Where
/// the answer has an `outcome_receipt` too, that must verify, complete the first one's leaf, and tell the outcome.
/// Refusals: answer_differs with the member in `where`, and those of verifyReceipt(). Members that are for people only (`title`, `detail`,
/// `hint`) are not covered by the leaf and not looked at.
Result<Done> checkAnswer(std::string_view json, const VerifiedReceipt& verified, const NoteKey& key);

}  // namespace caseway
