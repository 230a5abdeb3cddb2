// gateway/pipeline/slice_job.cpp - slices of large messages in the writer.
#include "gateway/pipeline/slice_job.hpp"

#include "gateway/base/check.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/pipeline/answer_notes.hpp"
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
    row.carried = carriedOf(doubled) + lines.save();
    return row;
}

LargeProgress LargeProgress::from(const LargeRow& row) {
    LargeProgress progress;
    progress.index = row.index;
    progress.next_record = row.next_record;
    progress.counts = row.counts;
    if (row.carried.empty()) return progress;
    std::string_view carried = row.carried;
    progress.doubled = takeCarried(carried);
    auto lines = OutcomeLines::load(carried);
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

/// What the records of a slice share while they are written.
struct SliceJob::Work {
    StoreWriter& writer;
    RecordContext origin;
    RowsAhead rows;
    SeenAgain seen_again;
    DoubledNumbers doubled_numbers;
    KnownNotes notes{};
};

/// Nearly all records of most nights: nothing is looked up.
void SliceJob::settle(Work& work, const KnownRecord& known, const Settlement& settlement) {
    memory_.settled.settled(settlement.case_id);
    work.rows.written(settlement.case_id);
    used_ = true;
    Recorder::repeatKnown(work.writer, work.origin, next_.next_record, settlement);
    work.seen_again.of(settlement.case_id);
    next_.counts.add(RecordOutcome::Same);
    memory_.lines.add(next_.next_record, RecordOutcome::Same, settlement.case_no, settlement.trace(), nullptr);
    const RecordKey& told = settlement.repeats;
    if (source_.notes) work.notes.add({known.mark, told.index, told.record, settlement.case_id, settlement.has_time});
}

RecordResult SliceJob::resultOf(Work& work, const PreparedRecord* read, const KnownRecord* known) {
    RecordResult result;
    if (known != nullptr)
        result =
            recorder_.applyKnown(work.writer, work.origin, *known, next_.next_record, work.rows.of(known->case_id));
    else if (read->claims)
        result = recorder_.apply(work.writer, work.origin, *read->claims, read->text);
    else
        result = recorder_.refuse(work.writer, work.origin, next_.next_record, read->refusal, read->text);
    for (const CaseId id : {result.case_id, result.absorbed, result.alias}) {
        if (id == 0) continue;
        work.rows.written(id);
        if (tellsWrites()) memory_.settled.written(id);
    }
    return result;
}

void SliceJob::take(Work& work, const PreparedRecord* read, const KnownRecord* known) {
    RecordResult result = resultOf(work, read, known);
    work.seen_again.of(result);
    work.doubled_numbers.of(result, next_.doubled);
    if (result.refusal) tellBounded(*result.refusal, next_.next_record, next_.counts.refused);
    next_.counts.add(result.outcome);
    memory_.lines.add(next_.next_record, result.outcome, result.case_no,
                      known != nullptr || hasRow(*read) ? result.trace() : RecordTrace{},
                      result.refusal ? &*result.refusal : nullptr);
    const RecordMark* const mark = known != nullptr ? &known->mark : read->mark ? &*read->mark : nullptr;
    if (source_.notes && mark != nullptr && result.outcome != RecordOutcome::Refused) {
        const RecordKey told = result.repeats.value_or(RecordKey{next_.index, next_.next_record});
        work.notes.add({*mark, told.index, told.record, result.case_id, result.has_time});
    }
    if (!result.refusal) return;
    ++next_.refused_by[result.refusal->code];
    keepRefusal(*result.refusal, source_.refusals_kept, next_.refusals);
}

void SliceJob::apply(CommitContext& context) {
    const auto began = std::chrono::steady_clock::now();
    next_ = progress_;
    memory_.lines.begin(progress_.lines);
    memory_.settled.begin(context.number, context.is_alone, seen_, tellsWrites());
    used_ = false;
    Work work{context.writer, source_.context(), RowsAhead(context.writer, memory_.rows), SeenAgain(context.writer),
              DoubledNumbers(context.writer, source_.set, next_.index)};
    work.origin.set_since = work.doubled_numbers.since();
    records_.forEach([&](const PreparedRecord* read, const KnownRecord* known, const Settlement* settlement) {
        const bool is_settled = known != nullptr && settlement->case_id != 0;
        if (is_settled && memory_.settled.holds(settlement->case_id))
            settle(work, *known, *settlement);
        else
            take(work, read, known);
        ++next_.next_record;
    });
    next_.lines = memory_.lines.end();
    context.writer.putOutcomeLines(next_.index, next_.lines.take());
    if (!work.notes.empty()) context.writer.putKnownPart(next_.index, work.notes.take(source_.notes_seal));
    context.writer.putLarge(next_.row());
    held_ = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
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
    std::vector<Refusal> notes = notesOf(source_.encoding_note);
    addNoteOf(progress_.doubled, notes);
    addPassedOverNote(source_.passed_over, notes);
    row.answer = answerMembers(row.outcome, counts, refusals, notes);

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
