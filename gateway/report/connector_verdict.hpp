// gateway/report/connector_verdict.hpp - on time, late, absent or partial: one connector's night, judged from its
// schedule and its runs. Computes only. What counts is the last run that was due: when it is done, the department's
// data is there, whatever went wrong before. A retry or a reconciliation stands for none. While that one may still
// come, the one before it counts. docs/operating/morning-report.md.
#pragma once

#include <vector>

#include "gateway/report/morning_report.hpp"
#include "gateway/sync/schedule.hpp"

namespace caseway {

struct NightFacts {
    const Schedule* schedule = nullptr;  ///< none: on demand
    bool is_suspended = false;
    Instant since{};            ///< what was due until then is not expected: the connector was not as it is now
    std::vector<Run> runs;      ///< that began in the night, in their order; those that takesFromSource() alone count
    std::vector<Run> before{};  ///< that began before it and were under way as it began: they stand for planned runs
    std::optional<RunTrouble> unplanned{};  ///< it has a schedule that cannot be read: nothing begins by it
};

/// `late_after`: a run that begins later than this behind its planned start is late.
NightVerdict judgeNight(const NightFacts& facts, const Night& night, Instant now, std::chrono::seconds late_after);

/// Whether a run should have begun by now, and none has. `last`: the connector's last run that
/// takesFromSource(). Nothing is told of what was
/// due more than a month ago.
bool isOverdue(const Schedule& schedule, const std::optional<Run>& last, Instant since, Instant now,
               std::chrono::seconds late_after);

}  // namespace caseway
