// gateway/sync/refusal_verdict.hpp - what the refusals of a run say of its source, of the mapping and of our clock: a
// known bad record or two say nothing of the others, so a quiet night ends as a busy one does.
#pragma once

#include <optional>

#include "gateway/domain/run.hpp"
#include "gateway/ports/run_ledger.hpp"

namespace caseway {

inline constexpr std::string_view kTooManyRefused = "too_many_refused";

/// all_refused, too_many_refused; nothing where enough was taken. `percent`: more of what was read refused; 100: never.
/// `codes`: of its records, where they are known; they tell the next step.
std::optional<RunTrouble> tooMuchRefused(unsigned percent, const Run& run, const RefusalCodes& codes, bool is_end);

/// clock_set_back: records were refused for their time, or older than what we have, while our clock was far behind
/// `newest`, a time that the log had before the run began.
std::optional<RunTrouble> clockSetBack(const Run& run, const RefusalCodes& codes, Instant now,
                                       std::optional<Instant> newest);

/// nearly_all_stale: of a run that takes what the source has now, hardly a record is newer than what we have. Of one
/// that somebody had begin earlier nothing follows.
std::optional<RunTrouble> nearlyAllStale(const Run& run);

}  // namespace caseway
