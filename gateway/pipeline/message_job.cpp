// gateway/pipeline/message_job.cpp - one message in the writer's transaction, and its answer after it.
#include "gateway/pipeline/message_job.hpp"

#include <utility>

#include "gateway/pipeline/counted.hpp"
#include "gateway/pipeline/mark_job.hpp"
#include "gateway/pipeline/message_entry.hpp"
#include "gateway/pipeline/taken_answer.hpp"

namespace caseway {
namespace {

Refusal idReused() {
    return {"id_reused",
            "message_id",
            {},
            "this message id was used for another content",
            "give each message a new id; to send a message again, send the very same content",
            {}};
}

MessageOutcome outcomeOf(const RecordCounts& counts) {
    if (counts.refused == 0) return MessageOutcome::Accepted;
    return counts.total() > counts.refused ? MessageOutcome::Partial : MessageOutcome::Refused;
}

}  // namespace

MessageJob::MessageJob(PreparedMessage message, Mode mode, Recorder& recorder, RefusedBefore& refused_before,
                       const Limits& limits, AnswerSink answer, NewsSink news,
                       std::function<void(LogIndex, const SystemId&)> received)
    : message_(std::move(message)),
      mode_(mode),
      recorder_(recorder),
      refused_before_(refused_before),
      limits_(limits),
      answer_(std::move(answer)),
      news_(std::move(news)),
      received_(std::move(received)) {}

void MessageJob::apply(CommitContext& context) {
    // Called again, alone, where a neighbour spoiled the batch: nothing of the first time may be left.
    row_ = {};
    duplicate_ = false;
    refusal_.reset();
    refused_by_.clear();
    forgetRefusal();
    status_ = 200;
    const auto known =
        message_.has_header ? context.writer.message(message_.header.sender, message_.header.message_id) : std::nullopt;
    if (known && message_.content_digest && known->content_digest == *message_.content_digest) {
        row_ = *known;
        duplicate_ = true;
        return;
    }
    // What went through verification whole is held against its id before anybody asks whether it can be mapped.
    const bool is_reuse = known && message_.claims_id;
    if (message_.refusal && !is_reuse)
        return refuse(context, *message_.refusal, message_.refusal_status, message_.claims_id);
    if (known) return refuse(context, idReused(), 409, false);  // another content under its id
    if (mode_ == Mode::ReceiveForLater) return receive(context);
    recordAll(context);
}

void MessageJob::refuse(CommitContext& context, const Refusal& refusal, int status, bool claims_id) {
    refusal_ = refusal;
    status_ = status;
    if (const auto first = claims_id ? std::nullopt : refused_before_.find(message_, refusal.code)) {
        if (auto row = context.writer.message(*first)) {
            row_ = std::move(*row);
            duplicate_ = true;
            return;
        }
    }
    EntryFacts facts{EntryType::Refusal, MessageOutcome::Refused, {}, {}, refusal.code, {}, claims_id};
    const std::string answer = answerMembers(MessageOutcome::Refused, {}, {refusal});
    facts.answer = answer;
    row_ = putMessageEntry(context, message_, facts);
    if (claims_id) return;
    remembered_code_ = refusal.code;
    refused_before_.add(message_, remembered_code_, row_.index);
}

/// The transaction in which it was remembered did not happen.
void MessageJob::forgetRefusal() {
    if (!remembered_code_.empty()) refused_before_.remove(message_, std::exchange(remembered_code_, {}));
}

void MessageJob::receive(CommitContext& context) {
    const std::string answer = answerMembers(MessageOutcome::Received, {}, {});
    row_ =
        putMessageEntry(context, message_, {EntryType::Received, MessageOutcome::Received, {}, {}, {}, answer, true});
    LargeRow large;
    large.index = row_.index;
    context.writer.putLarge(large);
    status_ = 202;
}

void MessageJob::recordAll(CommitContext& context) {
    DoubledNumbers doubled_numbers(context.writer, message_.set, context.log.size());
    Doubled doubled;
    const RecordContext origin{*message_.system,
                               message_.header.message_id,
                               message_.header.sent_at,
                               message_.received_at,
                               context.log.size(),
                               message_.origin == Origin::Pulled,
                               repairsMissing(message_.repair),
                               repairsDifferent(message_.repair),
                               doubled_numbers.since()};
    SeenAgain seen_again(context.writer);
    OutcomeLines lines;
    RecordCounts counts;
    std::vector<Refusal> refusals;
    std::uint64_t ordinal = 0;
    for (const PreparedRecord& record : message_.records) {
        ++ordinal;
        RecordResult result;
        if (record.patch)
            result = recorder_.apply(context.writer, origin, *record.patch, record.text);
        else
            result = recorder_.refuse(context.writer, origin, ordinal, record.refusal, record.text);
        seen_again.of(result);
        doubled_numbers.of(result, doubled);
        if (result.refusal) tellBounded(*result.refusal, ordinal, counts.refused);
        counts.add(result.outcome);
        lines.add(ordinal, result.outcome, result.case_no, hasRow(record) ? result.trace() : RecordTrace{},
                  result.refusal ? &*result.refusal : nullptr);
        if (!result.refusal) continue;
        ++refused_by_[result.refusal->code];
        keepRefusal(*result.refusal, limits_.refusals_kept, refusals);
    }
    requireAllCounted(message_.found, counts);
    const MessageOutcome outcome = outcomeOf(counts);
    std::vector<Refusal> notes = notesOf(message_.encoding_note);
    addNoteOf(doubled, notes);
    const std::string answer = answerMembers(outcome, counts, refusals, notes);
    row_ = putMessageEntry(context, message_, {EntryType::Message, outcome, counts, lines.root(), {}, answer, true});
    context.writer.putOutcomeLines(row_.index, lines.take());
    status_ = outcome == MessageOutcome::Refused ? 422 : 200;
}

Answer MessageJob::answer(MessageLog& log, StoreReader& reader) const {
    const auto id = message_.has_header ? std::optional(message_.header.message_id) : message_.claimed_id;
    if (refusal_)
        return problemAnswer(status_, *refusal_, id,
                             duplicate_ ? firstReceipt(log, reader, row_.index) : log.receiptFor(row_.index));
    if (duplicate_)
        return answerFor(row_, row_.message_id, firstReceipt(log, reader, row_.index),
                         row_.outcome_index ? firstReceipt(log, reader, *row_.outcome_index) : std::string());
    return answerFor(row_, message_.header.message_id, log.receiptFor(row_.index));
}

void MessageJob::committed(MessageLog& log, StoreReader& reader) {
    try {
        made_ = answer(log, reader);
    } catch (const Fault& fault) {
        made_ = receiptLaterAnswer(nameOf(fault.code()),
                                   message_.has_header ? std::optional(message_.header.message_id) : std::nullopt);
    }
    news_({message_, made_.status, refusal_ ? std::string_view(refusal_->code) : std::string_view(), row_.counts,
           row_.index, duplicate_, refused_by_});
}

void MessageJob::release() {
    answer_(std::move(made_));
    if (!duplicate_ && row_.outcome == MessageOutcome::Received && received_)
        received_(row_.index, message_.header.sender);
}

void MessageJob::failed(const Fault& fault) {
    forgetRefusal();
    news_({message_, 503, nameOf(fault.code()), {}, 0, false, {}});
    answer_(unavailableAnswer(nameOf(fault.code()), "send it again; nothing was taken"));
}

}  // namespace caseway
