// gateway/record/known_judge.cpp - all that Recorder::apply() would find and judge of the text that the row comes from,
// without the text.
#include "gateway/record/known_judge.hpp"

#include "gateway/record/stored_state.hpp"

namespace caseway {

bool KnownJudge::settles(const RecordContext& context, const KnownRecord& known, std::uint64_t ordinal,
                         const CaseRow& row, Settlement& settlement) {
    settlement.case_id = 0;
    if (row.stated_by != RecordKey{known.text_index, known.text_record}) return false;
    if (!repeats(context, known, ordinal, row, settlement.business_time)) return false;
    settlement.case_id = row.id;
    numbers_.putOf(row, settlement.case_no);
    settlement.patch = *state_.sole_record;
    settlement.repeats = *row.stated_by;
    settlement.has_time = known.has_time;
    return true;
}

/// The text was admitted by the same rules into this very case, which is the one that its numbers lead to as long as it
/// is no alias.
bool KnownJudge::repeats(const RecordContext& context, const KnownRecord& known, std::uint64_t ordinal,
                         const CaseRow& row, Instant& business_time) {
    static const RecordClaims kNoClaims;
    if (!config_.settles_repeats || !loadSoleRecord(row, state_)) return false;
    if (state_.systems.front().id != context.sender.id.text()) return false;
    const Stamp& stated = state_.stamps.front();
    business_time = known.has_time ? stated.business_time : context.sent_at;
    Stamp stamp{.sent_at = context.sent_at, .message_id = context.message_id, .record = ordinal, .index = context.index};
    stamp.data_version = stated.data_version;
    stamp.business_time = business_time;
    if (!admission_.isSane(context, business_time) || orderWithinSystem(stamp, stated) <= 0) return false;
    const std::string_view department = state_.owner_department;
    return !Admission::refuseForeign(context, kNoClaims, {department, department, row.owner == context.sender.id});
}

}  // namespace caseway
