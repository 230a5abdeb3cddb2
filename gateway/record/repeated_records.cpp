// gateway/record/repeated_records.cpp - records that only say again what their case says: settled by a short row.
#include "gateway/base/fault.hpp"
#include "gateway/record/record_fields.hpp"
#include "gateway/record/recorder.hpp"
#include "gateway/record/stored_state.hpp"

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

RecordResult Recorder::applyKnown(StoreWriter& store, const RecordContext& context, const KnownRecord& known,
                                  std::uint64_t ordinal, const CaseRow* row) {
    const RecordKey told{known.text_index, known.text_record};
    stamp_ = {.sent_at = context.sent_at, .message_id = context.message_id, .record = ordinal, .index = context.index};
    if (row != nullptr && row->stated_by == told && repeatsKnown(context, known, *row))
        return settle(store, *row, known.has_time);
    const auto history = store.patch(told.index, told.record);
    CasePatch patch;
    if (!history || !patchFromJson(history->patch, patch))
        throw Fault(FaultCode::StoreCorrupt, "the history does not have the text of a record that is known",
                    "run caseway log verify, then restore the last backup");
    patch.place = {.ordinal = ordinal, .line = known.line};
    return apply(store, context, patch);
}

/// All that apply() would find and judge of the text that the row comes from, without the text. It was admitted by the
/// same rules into this very case, which is the one that its numbers lead to as long as it is no alias.
bool Recorder::repeatsKnown(const RecordContext& context, const KnownRecord& known, const CaseRow& row) {
    static const RecordClaims kNoClaims;
    if (!config_.settles_repeats || !loadSoleRecord(row, state_)) return false;
    if (state_.systems.front().id != context.sender.id.text()) return false;
    const Stamp& stated = state_.stamps.front();
    digest_ = *state_.sole_record;
    stamp_.data_version = stated.data_version;
    stamp_.business_time = known.has_time ? stated.business_time : context.sent_at;
    if (!admission_.isSane(context, stamp_.business_time) || orderWithinSystem(stamp_, stated) <= 0) return false;
    const std::string_view department = state_.owner_department;
    return !Admission::refuseForeign(context, kNoClaims, {department, department, row.owner == context.sender.id});
}

}  // namespace caseway
