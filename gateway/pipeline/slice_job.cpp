// gateway/pipeline/slice_job.cpp - slices of large messages in the writer.
#include "gateway/pipeline/slice_job.hpp"

#include "gateway/base/check.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/pipeline/mark_job.hpp"
#include "gateway/pipeline/taken_answer.hpp"

namespace caseway {
SliceResult notCommitted(const Fault& fault) {
    return {false, fault.isTransient() || fault.code() == FaultCode::StoreCommitUnknown, fault.what(), {}};
}

LargeRow LargeProgress::row() const {
    LargeRow row;
    row.index = index;
    row.next_record = next_record;
    row.counts = counts;
    row.carried = lines.save();
    return row;
}

LargeProgress LargeProgress::from(const LargeRow& row) {
    LargeProgress progress;
    progress.index = row.index;
    progress.next_record = row.next_record;
    progress.counts = row.counts;
    if (row.carried.empty()) return progress;
    auto lines = OutcomeLines::load(row.carried);
    if (!lines)
        throw Fault(FaultCode::StoreCorrupt, "the progress of a large message cannot be read",
                    "restore the last backup");
    progress.lines = std::move(*lines);
    return progress;
}

RecordContext LargeSource::context() const {
    return {*system,
            header.message_id,
            header.sent_at,
            message.received_at,
            message.index,
            message.origin == Origin::Pulled,
            repairsMissing(repair),
            repairsDifferent(repair)};
}

RecordResult SliceJob::resultOf(StoreWriter& writer, const RecordContext& origin, RowsAhead& rows,
                                const PreparedRecord* read, const KnownRecord* known, const Settlement* settlement) {
    if (known != nullptr && settlement->case_id != 0 && memory_.settled.holds(settlement->case_id)) {
        memory_.settled.settled(settlement->case_id);
        rows.written(settlement->case_id);
        used_ = true;
        return recorder_.settleKnown(writer, origin, next_.next_record, *settlement);
    }
    RecordResult result;
    if (known != nullptr)
        result = recorder_.applyKnown(writer, origin, *known, next_.next_record, rows.of(known->case_id));
    else if (read->claims)
        result = recorder_.apply(writer, origin, *read->claims, read->text);
    else
        result = recorder_.refuse(writer, origin, next_.next_record, read->refusal, read->text);
    for (const CaseId id : {result.case_id, result.absorbed, result.alias}) {
        if (id == 0) continue;
        rows.written(id);
        if (tellsWrites()) memory_.settled.written(id);
    }
    return result;
}

void SliceJob::apply(CommitContext& context) {
    const auto began = std::chrono::steady_clock::now();
    next_ = progress_;
    const RecordContext origin = source_.context();
    LinesBeside& lines = memory_.lines;
    lines.begin(progress_.lines);
    memory_.settled.begin(context.number, context.is_alone, seen_, tellsWrites());
    used_ = false;
    SeenAgain seen_again(context.writer);
    KnownNotes notes;
    RowsAhead rows(context.writer, memory_.rows);
    records_.forEach([&](const PreparedRecord* read, const KnownRecord* known, const Settlement* settlement) {
        RecordResult result = resultOf(context.writer, origin, rows, read, known, settlement);
        seen_again.of(result);
        if (result.refusal) tellBounded(*result.refusal, next_.next_record, next_.counts.refused);
        next_.counts.add(result.outcome);
        lines.add(next_.next_record, result.outcome, result.case_no,
                  known != nullptr || hasRow(*read) ? result.trace() : RecordTrace{},
                  result.refusal ? &*result.refusal : nullptr);
        const RecordMark* const mark = known != nullptr ? &known->mark : read->mark ? &*read->mark : nullptr;
        if (source_.notes && mark != nullptr && result.outcome != RecordOutcome::Refused) note(*mark, result, notes);
        ++next_.next_record;
        if (!result.refusal) return;
        ++next_.refused_by[result.refusal->code];
        keepRefusal(*result.refusal, source_.refusals_kept, next_.refusals);
    });
    next_.lines = lines.end();
    context.writer.putOutcomeLines(next_.index, next_.lines.take());
    if (!notes.empty()) context.writer.putKnownPart(next_.index, notes.take());
    context.writer.putLarge(next_.row());
    held_ = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
}

/// Of `next_`, whose number is given to it already.
void SliceJob::note(const RecordMark& mark, const RecordResult& result, KnownNotes& notes) const {
    const RecordKey told = result.repeats.value_or(RecordKey{next_.index, next_.next_record});
    notes.add({mark, told.index, told.record, result.case_id, result.has_time});
}

void SliceJob::committed(MessageLog&, StoreReader&) {
    progress_ = std::move(next_);
    memory_.settled.committed();
    result_.set_value({true, true, {}, held_, memory_.settled.isUndisturbed(), seen_ && !used_});
}

void SliceJob::failed(const Fault& fault) {
    SliceResult result = notCommitted(fault);
    result.held = held_;
    result_.set_value(std::move(result));
}

void OutcomeJob::apply(CommitContext& context) {
    const RecordCounts& counts = progress_.counts;
    MessageRow row = source_.message;
    row.counts = counts;
    const bool some = counts.total() > counts.refused;
    row.outcome = (counts.refused == 0 && !refusal_) ? MessageOutcome::Accepted
                  : !some                            ? MessageOutcome::Refused
                                                     : MessageOutcome::Partial;
    std::vector<Refusal> refusals = progress_.refusals;
    if (refusal_) refusals.push_back(*refusal_);
    if (!some && refusal_) row.refusal_code = refusal_->code;
    row.answer = answerMembers(row.outcome, counts, refusals, notesOf(source_.encoding_note));

    LogEntry entry;
    entry.type = EntryType::Outcome;
    entry.message_id = source_.header.message_id;
    entry.sender = source_.header.sender;
    if (row.origin == Origin::Signed) entry.binding = row.binding;
    entry.origin = row.origin;
    entry.received_at = context.now;
    entry.outcome = row.outcome;
    entry.counts = counts;
    entry.outcomes_root = progress_.lines.root();
    entry.received_index = row.index;
    entry.answer_digest = sha256(row.answer);
    if (refusal_) entry.refusal_code = refusal_->code;
    row.outcome_index = context.log.append(context.writer, entry);
    context.writer.updateMessage(row);
    context.writer.removeLarge(row.index);
    if (!source_.known_lane.empty())
        context.writer.putMeta(source_.known_lane, refusal_ ? source_.known_value_if_refused : source_.known_value);
    row_ = std::move(row);
}

void OutcomeJob::committed(MessageLog&, StoreReader&) {
    const PreparedMessage message = [this] {
        PreparedMessage told;
        told.header = source_.header;
        told.binding = row_.binding;
        told.encoding_note = source_.encoding_note;
        told.received_at = row_.received_at;
        return told;
    }();
    const bool is_refused = row_.outcome == MessageOutcome::Refused;
    if (source_.news)
        source_.news({message, is_refused ? 422 : 200, row_.refusal_code, row_.counts, *row_.outcome_index, false,
                      progress_.refused_by});
    result_.set_value({true, true, {}, {}});
}
void OutcomeJob::failed(const Fault& fault) {
    result_.set_value(notCommitted(fault));
}

}  // namespace caseway
