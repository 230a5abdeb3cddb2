// gateway/sync/schedule.cpp - the search for the next run: over the spans between two changes of the zone, and in each
// over months, days and times of day.
#include "gateway/sync/schedule.hpp"

#include <algorithm>

#include "gateway/sync/jitter.hpp"
#include "gateway/sync/schedule_refusal.hpp"

namespace caseway {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;
using std::chrono::year_month_day;

constexpr local_days kFirstDay{year_month_day{std::chrono::year(1), std::chrono::January, std::chrono::day(1)}};
constexpr local_days kLastDay{year_month_day{std::chrono::year(9999), std::chrono::December, std::chrono::day(31)}};
constexpr std::chrono::hours kHour{1};
constexpr days kCalendarCycle{146'097};  // 400 years of the Gregorian calendar, a whole number of weeks

local_seconds localTime(sys_seconds instant, seconds offset) {
    return local_seconds(instant.time_since_epoch() + offset);
}

sys_seconds instantOf(local_seconds local, seconds offset) {
    return sys_seconds(local.time_since_epoch() - offset);
}

int minuteOfDay(local_seconds local) {
    return static_cast<int>(std::chrono::floor<minutes>(local - std::chrono::floor<days>(local)).count());
}

Refusal refuseZone(const std::string& name) {
    const std::string nearest = TimeZone::nearestName(name);
    return scheduleRefusal("zone_unknown", "zone", name, "not a name of the IANA time zone database",
                           nearest.empty() ? "write a name like Asia/Shanghai (package tzdata has them)"
                                           : "did you mean '" + nearest + "'?");
}

}  // namespace

Result<Schedule> Schedule::make(ScheduleSettings settings) {
    auto expression = CronExpression::parse(settings.expression);
    if (!expression) return std::move(expression).error();
    const auto zone = TimeZone::find(settings.zone);
    if (!zone) return refuseZone(settings.zone);
    if (settings.jitter < seconds(0) || settings.jitter > kLongestJitter)
        return scheduleRefusal("jitter_invalid", "jitter", std::to_string(settings.jitter.count()) + "s",
                               "jitter lasts from 0 to 12 hours", "write e.g. 10m");
    Schedule schedule(std::move(settings), *std::move(expression), *zone);
    if (schedule.times_.empty())
        return scheduleRefusal("window_without_runs", "window", schedule.settings_.expression,
                               "no time of the expression lies in a window, so it would never run",
                               "change the minute and hour fields, or the window");
    return schedule;
}

Schedule::Schedule(ScheduleSettings settings, CronExpression expression, TimeZone zone)
    : settings_(std::move(settings)), expression_(expression), zone_(zone), times_(expression_.timesOfDay()) {
    const auto is_outside = [this](int time) {
        return std::none_of(settings_.windows.begin(), settings_.windows.end(),
                            [time](const RunWindow& window) { return window.contains(time); });
    };
    if (!settings_.windows.empty()) std::erase_if(times_, is_outside);
}

std::optional<PlannedRun> Schedule::next(Instant after) const {
    const auto due = firstDueFrom(std::chrono::floor<seconds>(after) + seconds(1));
    if (!due) return std::nullopt;
    return PlannedRun{*due, *due + jitterOf(*due)};
}

std::optional<PlannedRun> Schedule::nextStart(Instant after, Instant due_after) const {
    auto run = next(std::max<Instant>(after - settings_.jitter, due_after));
    while (run && run->start <= after) run = next(run->due);
    return run;
}

std::optional<sys_seconds> Schedule::firstDueFrom(sys_seconds from) const {
    for (ZoneSpan span = zone_.spanAt(from);; span = zone_.spanAt(span.end)) {
        const local_seconds begin = localTime(span.begin, span.offset);  // of the clock in this span
        const local_seconds before = localTime(span.begin, zone_.spanAt(span.begin - seconds(1)).offset);
        const bool may_lose_runs = !expression_.isHourlyInterval() || begin - before > kHour;
        if (before < begin && span.begin >= from && may_lose_runs) {  // the clock skipped [before, begin)
            const auto skipped = firstLocalFrom(before);
            if (skipped && *skipped < begin) return span.begin;
        }
        local_seconds first = localTime(std::max(from, span.begin), span.offset);
        if (!expression_.isInterval()) first = std::max(first, before);  // [begin, before) comes the second time
        const auto local = firstLocalFrom(first);
        if (!local) return std::nullopt;
        const sys_seconds instant = instantOf(*local, span.offset);
        if (instant < span.end) return instant;
    }
}

std::optional<local_seconds> Schedule::firstLocalFrom(local_seconds from) const {
    const local_seconds minute = std::chrono::ceil<minutes>(from);
    const local_days today = std::chrono::floor<days>(minute);
    auto day = firstDayFrom(today);
    if (!day) return std::nullopt;
    auto time = times_.begin();
    if (*day == today) {
        time = std::lower_bound(times_.begin(), times_.end(), minuteOfDay(minute));
        if (time == times_.end()) {
            day = firstDayFrom(today + days(1));
            if (!day) return std::nullopt;
            time = times_.begin();
        }
    }
    return *day + minutes(*time);
}

std::optional<local_days> Schedule::firstDayFrom(local_days from) const {
    const local_days last = lastDaySearchedFrom(from);
    for (local_days day = std::max(from, kFirstDay); day <= last;) {
        const year_month_day date(day);
        const local_days allowed = settings_.blackout.firstOutside(day);
        if (allowed != day)
            day = allowed;
        else if (!expression_.matches(date.month()))
            day = local_days((date.year() / date.month() + std::chrono::months(1)) / std::chrono::day(1));
        else if (expression_.matches(date) && allows(day))
            return day;
        else
            day += days(1);
    }
    return std::nullopt;
}

bool Schedule::allows(local_days day) const {
    if (settings_.days == RunDays::All) return true;
    return settings_.calendar.isWorkingDay(day) == (settings_.days == RunDays::Working);
}

local_days Schedule::lastDaySearchedFrom(local_days from) const {
    // After the last date that the settings name, only the calendar decides, and it repeats.
    local_days last = std::max(from, settings_.blackout.last().value_or(from));
    last = std::max(last, settings_.calendar.last().value_or(from));
    return std::min(last, kLastDay - kCalendarCycle) + kCalendarCycle;
}

int Schedule::minutesLeft(int minute_of_day) const {
    int left = 0;
    for (const RunWindow& window : settings_.windows) left = std::max(left, window.minutesLeft(minute_of_day));
    return left;
}

/// What is left at a local time of its window and of those that follow without a gap; a day: they never close.
minutes Schedule::openFrom(local_seconds local) const {
    minutes open(0);
    for (int left = minutesLeft(minuteOfDay(local)); left > 0 && open < days(1);
         left = minutesLeft(minuteOfDay(local + open)))
        open += minutes(left);
    return std::min<minutes>(open, days(1));
}

/// What was left of the window at the times that the clock skipped just before `due`, where any is a run's.
minutes Schedule::openInSkipped(sys_seconds due) const {
    const ZoneSpan span = zone_.spanAt(due);
    const local_seconds end = localTime(due, span.offset);
    minutes open(0);
    if (due != span.begin) return open;
    auto skipped = firstLocalFrom(localTime(due, zone_.spanAt(due - seconds(1)).offset));
    for (; skipped && *skipped < end; skipped = firstLocalFrom(*skipped + minutes(1)))
        open = std::max(open, openFrom(*skipped));
    return open;
}

/// The first instant after `due` at which the clock shows `local` or more. The clock shows less at `due`.
sys_seconds Schedule::firstAfter(sys_seconds due, local_seconds local) const {
    for (ZoneSpan span = zone_.spanAt(due);; span = zone_.spanAt(span.end)) {
        const sys_seconds instant = std::max(span.begin, instantOf(local, span.offset));
        if (instant < span.end) return instant;
    }
}

std::optional<Instant> Schedule::closesAfter(sys_seconds due) const {
    if (settings_.windows.empty()) return std::nullopt;
    const local_seconds begin = localTime(due, zone_.spanAt(due).offset);
    const minutes open = openFrom(begin);
    if (open >= days(1)) return std::nullopt;
    if (open > minutes(0)) return firstAfter(due, std::chrono::floor<minutes>(begin) + open);
    // The window went by with the time that the clock skipped: the run has as long as it would have had in it.
    const minutes lost = openInSkipped(due);
    return lost > minutes(0) ? std::optional<Instant>(due + lost) : std::nullopt;
}

seconds Schedule::jitterOf(sys_seconds due) const {
    if (settings_.jitter == seconds(0)) return seconds(0);
    seconds longest = settings_.jitter;
    // Before the next run is due: starts would run backwards else, and a long jitter hold back the runs after it.
    if (const auto following = firstDueFrom(due + seconds(1)))
        longest = std::min(longest, *following - due - seconds(1));
    if (const auto closes = closesAfter(due))
        longest = std::min(longest, std::chrono::floor<seconds>(*closes) - due - seconds(1));
    const local_seconds local = localTime(due, zone_.spanAt(due).offset);
    return jitter(settings_.connector, std::chrono::floor<days>(local), longest);
}

}  // namespace caseway
