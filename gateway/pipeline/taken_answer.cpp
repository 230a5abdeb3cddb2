// gateway/pipeline/taken_answer.cpp - answers to messages that have a leaf.
#include "gateway/pipeline/taken_answer.hpp"

#include <fmt/format.h>

namespace caseway {

void keepRefusal(const Refusal& refusal, std::size_t most, std::vector<Refusal>& kept) {
    forEachMistake(refusal, [&](const Refusal& one) {
        if (kept.size() >= most) return;
        kept.push_back(one);
        kept.back().also.clear();
    });
}

std::string answerMembers(MessageOutcome outcome, const RecordCounts& counts, const std::vector<Refusal>& refusals,
                          const std::vector<Refusal>& notes) {
    std::string out = fmt::format(
        R"("outcome":"{}","records":{{"new":{},"changed":{},"same":{},"stale":{},"refused":{}}},"refusals":[)",
        nameOf(outcome), counts.fresh, counts.changed, counts.same, counts.stale, counts.refused);
    const auto append = [&out](const std::vector<Refusal>& all) {
        for (const Refusal& one : all) {
            if (out.back() != '[') out += ',';
            appendRefusal(one, out);
        }
        out += ']';
    };
    append(refusals);
    if (notes.empty()) return out;
    out += R"(,"notes":[)";
    append(notes);
    return out;
}

Answer answerFor(const MessageRow& row, const std::optional<MessageId>& id, std::string_view receipt,
                 std::string_view outcome_receipt) {
    const std::string id_text = id ? id->text() : std::string();
    const std::string members =
        outcome_receipt.empty() ? row.answer : fmt::format(R"("outcome_receipt":{},{})", outcome_receipt, row.answer);
    if (row.outcome == MessageOutcome::Refused) {
        Refusal refusal;
        refusal.code = row.refusal_code.empty() ? std::string(kNoRecordTaken) : row.refusal_code;
        refusal.rule = row.refusal_code.empty() ? "no record of the message could be taken" : "";
        refusal.hint = "`refusals` says why, record by record";
        Answer answer = problemAnswer(statusOfRefused(refusal.code), refusal, id, receipt);
        answer.body.pop_back();
        answer.body += "," + members + "}";
        return answer;
    }
    Answer answer;
    answer.status = row.outcome == MessageOutcome::Received ? 202 : 200;
    if (row.outcome == MessageOutcome::Received) answer.location = "/v1/messages/" + id_text;
    answer.body.reserve(receipt.size() + members.size() + 80);
    answer.body.append(R"({"receipt":)").append(receipt).append(R"(,"message_id":")").append(id_text);
    answer.body.append("\",").append(members).append("}");
    return answer;
}

std::string firstReceipt(MessageLog& log, StoreReader& reader, LogIndex index) {
    const auto heads = reader.checkpoints(index, 1);
    if (heads.empty()) return {};
    return log.receiptFor(index, heads.front().tree_size).value_or(std::string());
}

}  // namespace caseway
