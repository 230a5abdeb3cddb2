// gateway/record/contradiction.hpp - whether a record that changed its case says otherwise than one that the same
// system gave just before, though neither is newer: two records of one number in one set, of which nobody knows which
// is right.
#pragma once

#include <optional>
#include <vector>

#include "gateway/record/case_state.hpp"

namespace caseway {

/// The leaf of the newest record of `said`'s system among `former` that stands at `since` or later in the log, where it
/// states the same fields as `said`, at least one with another value, and neither is newer by its version or its own
/// time. A record that states other fields adds to its case, and so do items of lists: of these nothing is said.
/// `former`: statements of a case before `said` was joined to it, with stamps and systems of `joined`. `said`: of one
/// record.
std::optional<LogIndex> contradicted(const std::vector<Statement>& former, const CaseState& joined,
                                     const CaseState& said, LogIndex since);

}  // namespace caseway
