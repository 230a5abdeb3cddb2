// gateway/record/stored_state.cpp - rows to states.
#include "gateway/record/stored_state.hpp"

#include "gateway/base/check.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/record/state_codec.hpp"

namespace caseway {

void loadState(const CaseRow& row, CaseState& state) {
    if (!decodeState(row.state, state) || (row.repeated && !state.sole_record))
        throw Fault(FaultCode::StoreCorrupt, "case " + std::to_string(row.id) + ": its state cannot be read",
                    "run caseway log verify, then restore the last backup");
    if (row.repeated) standForRepeated(*row.repeated, state);
}

bool loadSoleRecord(const CaseRow& row, CaseState& state) {
    if (!row.stated_by || !decodeSoleRecord(row.state, state)) return false;
    if (row.repeated) standForRepeated(*row.repeated, state);
    return true;
}

void standForRepeated(const Repeat& repeat, CaseState& state) {
    CASEWAY_CHECK(state.sole_record && state.stamps.size() == 1);
    Stamp& stamp = state.stamps.front();
    stamp.business_time = repeat.business_time;
    stamp.sent_at = repeat.sent_at;
    stamp.message_id = repeat.message_id;
    stamp.record = repeat.record.record;
    stamp.index = repeat.record.index;
}

}  // namespace caseway
