// gateway/pipeline/taken_answer.hpp - the answer to a message that has a leaf: outcome, counts, refusals, receipt.
// The same words are kept with the message, so that a second delivery is answered as the first was. Form:
// docs/formats/answers.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/outcome.hpp"
#include "gateway/log/message_log.hpp"
#include "gateway/pipeline/answer.hpp"
#include "gateway/pipeline/refusal_json.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// Adds a record's refusal to those of an answer, each mistake as an item of its own, while there are fewer than
/// `most`.
void keepRefusal(const Refusal& refusal, std::size_t most, std::vector<Refusal>& kept);

/// `"outcome":"partial","records":{…},"refusals":[…]`, and `"notes":[…]` where there are any: what MessageRow::answer
/// keeps.
std::string answerMembers(MessageOutcome outcome, const RecordCounts& counts, const std::vector<Refusal>& refusals,
                          const std::vector<Refusal>& notes = {});

/// 200, 202, 415 or 422 for a stored message. `receipt`: its JSON. `outcome_receipt`: of the leaf that tells the outcome,
/// where that is another one.
Answer answerFor(const MessageRow& row, const std::optional<MessageId>& id, std::string_view receipt,
                 std::string_view outcome_receipt = {});

/// The receipt of a stored message under the head of its commit; empty where there is no such head.
std::string firstReceipt(MessageLog& log, StoreReader& reader, LogIndex index);

}  // namespace caseway
