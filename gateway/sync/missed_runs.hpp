// gateway/sync/missed_runs.hpp - which runs to start now, when some were due while nothing ran: the gateway was down,
// the run before took too long. Computes only.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "gateway/sync/schedule.hpp"

namespace caseway {

enum class MissedRuns {
    Skip,     ///< only a run that is not late starts
    RunOnce,  ///< however many were missed, one run: the newest
    RunAll,   ///< each, the oldest first, but no more than `most` (the newest)
};

struct MissedRunPolicy {
    MissedRuns missed = MissedRuns::RunOnce;
    std::size_t most = 10;                 ///< of RunAll
    std::chrono::seconds late_after{300};  ///< a run that starts within this time is on time
};

/// Runs that were due longer ago than this are neither made up nor counted.
constexpr std::chrono::days kMissedLookBack{31};

/// When so many of them were due.
struct DueTimes {
    std::chrono::sys_seconds first{}, last{};
    /// Ascending.
    void add(std::chrono::sys_seconds due) {
        if (first == std::chrono::sys_seconds{}) first = due;
        last = due;
    }
};

struct DueRuns {
    std::vector<PlannedRun> to_start;                  ///< oldest first
    std::size_t passed_over = 0;                       ///< due, not started now, and never made up
    std::size_t window_closed = 0;                     ///< of those: their window had closed
    std::optional<std::chrono::sys_seconds> newest{};  ///< due time of the last one that was looked at
    DueTimes window_times{}, policy_times{};           ///< of those of window_closed, and of the others passed over
};

/// "skip", "once", "each"; nothing for another text.
std::optional<MissedRuns> missedRunsNamed(std::string_view name);

/// What is to start at `now`, where the last run that started was due at `last_due`. Start times are in the past or
/// now: a run whose jitter has not passed is not due yet. One
/// whose window has closed is passed over: the window is the department's word, and its next run reads what is there.
/// Whoever started them keeps `newest` as `last_due`.
DueRuns runsToStart(const Schedule& schedule, const MissedRunPolicy& policy, Instant last_due, Instant now);

}  // namespace caseway
