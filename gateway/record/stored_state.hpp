// gateway/record/stored_state.hpp - the state of a case as its row keeps it: its bytes, or the record of the history
// that all of it comes from; and the newest record that only repeated that one. Why: docs/decisions/0014.
#pragma once

#include "gateway/record/case_state.hpp"

namespace caseway {

/// Reads the state, where it comes from one record out of that record's history row; its views point into `row.state`
/// and into its own arena. Throws Fault{StoreCorrupt}: unreadable, or the history row is not what the state was made
/// of.
void loadState(StoreReader& store, const CaseRow& row, CaseState& state);
/// Where the state comes from one record: all of it but the statements; the history is not read. False where it does
/// not.
bool loadSoleRecord(const CaseRow& row, CaseState& state);
/// The repetition takes the place of the record that it repeats: the same statements, known from a newer message.
/// `state` must come from one record.
void standForRepeated(const Repeat& repeat, CaseState& state);

}  // namespace caseway
