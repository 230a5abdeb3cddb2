// gateway/record/repeated_records.cpp - records that only say again what their case says: settled by a short row.
#include "gateway/base/fault.hpp"
#include "gateway/record/recorder.hpp"

namespace caseway {

RecordResult Recorder::settle(StoreWriter& store, const CaseRow& row, bool has_time) {
    RecordResult result;
    result.outcome = RecordOutcome::Same;
    result.case_id = row.id;
    result.case_no = numbers_.of(row);
    result.patch = digest_;
    result.repeats = row.stated_by;
    result.has_time = has_time;
    store.putRepeat(row.id, {{stamp_.index, stamp_.record},
                             has_time ? std::nullopt : std::optional(stamp_.business_time),
                             stamp_.sent_at,
                             stamp_.message_id});
    return result;
}

void Recorder::repeatKnown(StoreWriter& store, const RecordContext& context, std::uint64_t ordinal,
                           const Settlement& settlement) {
    store.putRepeat(settlement.case_id, {{context.index, ordinal},
                                         settlement.has_time ? std::nullopt : std::optional(settlement.business_time),
                                         context.sent_at,
                                         context.message_id});
}

RecordResult Recorder::applyKnown(StoreWriter& store, const RecordContext& context, const KnownRecord& known,
                                  std::uint64_t ordinal, const CaseRow* row) {
    if (row != nullptr && known_judge_.settles(context, known, ordinal, *row, settlement_)) {
        repeatKnown(store, context, ordinal, settlement_);
        RecordResult result;
        result.outcome = RecordOutcome::Same;
        result.case_id = settlement_.case_id;
        result.case_no = settlement_.case_no;
        result.patch = settlement_.patch;
        result.repeats = settlement_.repeats;
        result.has_time = settlement_.has_time;
        return result;
    }
    const auto history = store.patch(known.text_index, known.text_record);
    CasePatch patch;
    if (!history || !patchFromJson(history->patch, patch))
        throw Fault(FaultCode::StoreCorrupt, "the history does not have the text of a record that is known",
                    "run caseway log verify, then restore the last backup");
    patch.place = {.ordinal = ordinal, .line = known.line};
    return apply(store, context, patch);
}

}  // namespace caseway
