// gateway/record/stored_state.hpp - the state of a case as its row keeps it: the bytes, and beside them the newest
// record that only repeated the one that they come from. Why beside: docs/decisions/0014-repeated-records.md.
#pragma once

#include "gateway/record/case_state.hpp"

namespace caseway {

/// Reads the state; its views point into `row.state`. Throws Fault{StoreCorrupt}.
void loadState(const CaseRow& row, CaseState& state);
/// Where the state comes from one record: all of it but the statements. False where it does not.
bool loadSoleRecord(const CaseRow& row, CaseState& state);
/// The repetition takes the place of the record that it repeats: the same statements, known from a newer message.
/// `state` must come from one record.
void standForRepeated(const Repeat& repeat, CaseState& state);

}  // namespace caseway
