// tests/unit/sync/schedule_cases.hpp - a schedule and its next runs as a small language for the tests.
#pragma once

#include <boost/test/unit_test.hpp>
#include <string>

#include "gateway/sync/schedule.hpp"

namespace caseway {

inline Schedule scheduleOf(ScheduleSettings settings) {
    auto schedule = Schedule::make(std::move(settings));
    BOOST_REQUIRE_MESSAGE(schedule.ok(), "not a schedule: " + (schedule.ok() ? "" : schedule.error().rule));
    return *std::move(schedule);
}

inline Schedule scheduleOf(const std::string& expression, const std::string& zone) {
    ScheduleSettings settings;
    settings.expression = expression;
    settings.zone = zone;
    return scheduleOf(std::move(settings));
}

/// "2026-05-04T01:30:00+08:00 …": when the next `count` runs after `after` are due; "none" where no other comes.
inline std::string nextDue(const Schedule& schedule, const std::string& after, int count) {
    std::string out;
    auto run = schedule.next(parseRfc3339(after).value());
    for (int i = 0; i < count; ++i) {
        if (!out.empty()) out += ' ';
        if (!run) return out + "none";
        const auto offset = schedule.zone().spanAt(run->due).offset;
        out += toRfc3339(run->due, std::chrono::floor<std::chrono::minutes>(offset));
        run = schedule.next(run->due);
    }
    return out;
}

inline DateRange dates(const std::string& text) {
    return parseDateRange(text, "test").value();
}

}  // namespace caseway
