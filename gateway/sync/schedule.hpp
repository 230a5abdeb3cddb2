// gateway/sync/schedule.hpp - when a connector runs: a cron expression in a zone, held to windows, working days and
// blackout dates, spread by jitter. Computes only; it knows no clock and starts nothing.
// Clock changes: a time that is skipped runs at the first valid instant after it, one that comes twice runs the first
// time; interval expressions (minute or hour begins with '*') run in both, and one of every hour just
// goes on. docs/operating/schedules.md.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/formats/zone/time_zone.hpp"
#include "gateway/sync/cron_expression.hpp"
#include "gateway/sync/date_set.hpp"
#include "gateway/sync/run_window.hpp"
#include "gateway/sync/working_calendar.hpp"

namespace caseway {

enum class RunDays { All, Working, Rest };

constexpr std::chrono::seconds kLongestJitter = std::chrono::hours(12);

struct ScheduleSettings {
    std::string expression;
    std::string zone = "Asia/Shanghai";
    std::vector<RunWindow> windows;  ///< none: all day
    DateSet blackout;                ///< local dates without runs
    WorkingCalendar calendar;
    RunDays days = RunDays::All;
    std::chrono::seconds jitter{0};  ///< a run starts up to this much later than it is due
    std::string connector;           ///< its name: each connector has its own jitter of a date
};

struct PlannedRun {
    std::chrono::sys_seconds due;  ///< what the expression says
    std::chrono::sys_seconds
        start;  ///< due and the jitter of its date; before its window closes, and before the next run is due
    bool operator==(const PlannedRun&) const = default;
};

/// A value; may be asked by several threads at once.
class Schedule {
public:
    /// Refused: `cron_invalid`, `cron_never_runs`, `zone_unknown`, `jitter_invalid`, and `window_without_runs` where no
    /// time of day that the expression chooses lies in a window.
    static Result<Schedule> make(ScheduleSettings settings);

    /// The first run that is due after `after`; nothing where none comes within 400 years of the last date that the
    /// settings name (the calendar repeats then), or before the year 10000. Jumps by fields and by changes of the
    /// zone: microseconds, whatever the distance; milliseconds to find that none comes.
    std::optional<PlannedRun> next(Instant after) const;

    /// The first run that starts after `after`: it may have been due before, and wait for its jitter. Of those that are
    /// due after `due_after`.
    std::optional<PlannedRun> nextStart(Instant after, Instant due_after = Instant::min()) const;

    /// When the window in which a run is due closes, or the last of several that follow without a gap: no page is begun
    /// behind it. Later than `due`, also where the clock comes back to the window, or skipped it whole: then the run
    /// has as long as it would have had. Nothing where runs may go on all day.
    std::optional<Instant> closesAfter(std::chrono::sys_seconds due) const;

    const TimeZone& zone() const { return zone_; }
    const ScheduleSettings& settings() const { return settings_; }
    /// Of its expression.
    const std::vector<std::string>& notes() const { return expression_.notes(); }

private:
    using LocalSeconds = std::chrono::local_seconds;
    using LocalDays = std::chrono::local_days;

    Schedule(ScheduleSettings settings, CronExpression expression, TimeZone zone);
    std::optional<std::chrono::sys_seconds> firstDueFrom(std::chrono::sys_seconds from) const;
    std::optional<LocalSeconds> firstLocalFrom(LocalSeconds from) const;
    std::optional<LocalDays> firstDayFrom(LocalDays from) const;
    bool allows(LocalDays day) const;
    int minutesLeft(int minute_of_day) const;
    std::chrono::minutes openFrom(LocalSeconds local) const;
    std::chrono::minutes openInSkipped(std::chrono::sys_seconds due) const;
    std::chrono::sys_seconds firstAfter(std::chrono::sys_seconds due, LocalSeconds local) const;
    LocalDays lastDaySearchedFrom(LocalDays from) const;
    std::chrono::seconds jitterOf(std::chrono::sys_seconds due) const;

    ScheduleSettings settings_;
    CronExpression expression_;
    TimeZone zone_;
    std::vector<int> times_;  ///< minutes of the day at which runs are due, ascending, never empty
};

}  // namespace caseway
