// gateway/sync/schedule_of.cpp - texts to a schedule.
#include "gateway/sync/schedule_of.hpp"

#include <algorithm>

#include "gateway/sync/missed_runs.hpp"

namespace caseway {

Result<std::chrono::seconds> parseDuration(const std::string& text, std::string code, std::string where) {
    constexpr std::size_t kMostDigits = 6;
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits > 0 && digits <= kMostDigits && digits + 1 == text.size()) {
        const std::chrono::seconds number(std::stoi(text));
        if (text.back() == 's') return number;
        if (text.back() == 'm') return number * 60;
        if (text.back() == 'h') return number * 3600;
    }
    return Refusal{std::move(code), std::move(where), text, "not a duration", "write e.g. 90s, 10m or 1h", {}};
}

namespace {

Refusal at(std::string part, Refusal refusal) {
    refusal.where = std::move(part);
    return refusal;
}

/// Of Schedule::make, which knows no keys: `where` begins with one.
Refusal asPart(Refusal refusal) {
    if (refusal.code.starts_with("cron_")) return at("cron " + refusal.where, refusal);
    return refusal.code == "window_without_runs" ? at("windows", refusal) : refusal;
}

}  // namespace

Result<Schedule, std::vector<Refusal>> scheduleOf(const ConnectorSchedule& written, const std::string& connector) {
    std::vector<Refusal> mistakes;
    ScheduleSettings settings;
    settings.expression = written.cron;
    settings.zone = written.zone;
    settings.connector = connector;
    for (std::size_t i = 0; i < written.windows.size(); ++i) {
        auto window = RunWindow::parse(written.windows[i]);
        if (window)
            settings.windows.push_back(*window);
        else
            mistakes.push_back(at("windows/" + std::to_string(i), std::move(window).error()));
    }
    for (std::size_t i = 0; i < written.blackout.size(); ++i) {
        const auto range = parseDateRange(written.blackout[i], "blackout/" + std::to_string(i));
        if (range)
            settings.blackout.add(*range);
        else
            mistakes.push_back(range.error());
    }
    if (!written.calendar.empty()) {
        auto calendar = WorkingCalendar::parse(written.calendar, "calendar");
        if (calendar)
            settings.calendar = *std::move(calendar);
        else
            mistakes.insert(mistakes.end(), calendar.error().begin(), calendar.error().end());
        settings.days = RunDays::Working;
    }
    if (written.days == "rest")
        settings.days = RunDays::Rest;
    else if (written.days == "working")
        settings.days = RunDays::Working;
    else if (written.days == "all")
        settings.days = RunDays::All;
    else if (!written.days.empty())
        mistakes.push_back(
            {"schedule_days_invalid", "days", written.days, "all, working or rest", "write days: working", {}});
    if (!missedRunsNamed(written.missed))
        mistakes.push_back(
            {"schedule_missed_invalid", "missed", written.missed, "skip, once or each", "write missed: once", {}});
    const auto jitter = parseDuration(written.jitter, "jitter_invalid", "jitter");
    if (jitter)
        settings.jitter = *jitter;
    else
        mistakes.push_back(jitter.error());
    auto schedule = Schedule::make(settings);
    if (!schedule) mistakes.push_back(asPart(schedule.error()));
    if (!schedule && schedule.error().code.starts_with("cron_")) {  // it hides nothing that is wrong behind it
        settings.expression = "0 0 * * *";
        settings.windows.clear();
        const auto others = Schedule::make(std::move(settings));
        if (!others) mistakes.push_back(others.error());
    }
    if (!mistakes.empty()) return mistakes;
    return std::move(*schedule);
}

}  // namespace caseway
