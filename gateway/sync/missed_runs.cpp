// gateway/sync/missed_runs.cpp - the policy for missed runs.
#include "gateway/sync/missed_runs.hpp"

#include <algorithm>
#include <deque>

namespace caseway {

std::optional<MissedRuns> missedRunsNamed(std::string_view name) {
    if (name == "skip") return MissedRuns::Skip;
    if (name == "once") return MissedRuns::RunOnce;
    if (name == "each") return MissedRuns::RunAll;
    return std::nullopt;
}

DueRuns runsToStart(const Schedule& schedule, const MissedRunPolicy& policy, Instant last_due, Instant now) {
    const std::size_t most = policy.missed == MissedRuns::RunAll ? std::max<std::size_t>(policy.most, 1) : 1;
    std::deque<PlannedRun> newest;
    std::size_t due = 0, window_closed = 0;
    std::optional<std::chrono::sys_seconds> last;
    DueTimes window_times, policy_times;
    Instant after = std::max(last_due, now - kMissedLookBack);
    for (auto run = schedule.next(after); run && run->start <= now; run = schedule.next(run->due)) {
        ++due;
        last = run->due;
        if (const auto closes = schedule.closesAfter(run->due); closes && *closes <= now) {
            ++window_closed;
            window_times.add(run->due);
            continue;
        }
        newest.push_back(*run);
        if (newest.size() > most) policy_times.add(newest.front().due), newest.pop_front();
    }
    if (policy.missed == MissedRuns::Skip && !newest.empty() && now - newest.back().start > policy.late_after) {
        for (const PlannedRun& run : newest) policy_times.add(run.due);
        newest.clear();
    }
    return {{newest.begin(), newest.end()}, due - newest.size(), window_closed, last, window_times, policy_times};
}

}  // namespace caseway
