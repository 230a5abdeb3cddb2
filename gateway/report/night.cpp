// gateway/report/night.cpp - dates, noons and clocks.
#include "gateway/report/night.hpp"

#include <fmt/format.h>

#include "gateway/sync/date_set.hpp"

namespace caseway {
namespace {

constexpr std::chrono::hours kNoon{12};

Instant noonOf(std::chrono::local_days date, const TimeZone& zone) {
    const std::chrono::local_seconds noon = date + kNoon;
    const std::chrono::sys_seconds as_utc(noon.time_since_epoch());
    // A zone that skips a whole date has no such noon: the offset around it then.
    return as_utc - zone.offsetAtLocal(noon).value_or(zone.spanAt(as_utc).offset);
}

std::chrono::local_seconds localTime(Instant instant, const TimeZone& zone) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
    return std::chrono::local_seconds(seconds.time_since_epoch() + zone.spanAt(seconds).offset);
}

}  // namespace

std::string textOf(std::chrono::local_days date) {
    const std::chrono::year_month_day day(date);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()));
}

Result<std::chrono::local_days> parseNightDate(std::string_view text) {
    const auto range = parseDateRange(text, "night");
    if (range && range->first == range->last && textOf(range->first) == text) return range->first;
    return Refusal{"bad_parameter",
                   "night",
                   {},
                   "a date such as 2026-11-26: that of the night's morning",
                   "leave it out for the last night",
                   {}};
}

Night nightOf(std::chrono::local_days date, const TimeZone& zone) {
    return {date, noonOf(date - std::chrono::days(1), zone), noonOf(date, zone)};
}

std::optional<Refusal> notBegun(const Night& night, const TimeZone& zone, Instant now) {
    if (now >= night.begin) return std::nullopt;
    return Refusal{"bad_parameter",
                   "night",
                   textOf(night.date),
                   fmt::format("a night that has begun: this one does at {}, the one that has is {}",
                               localText(night.begin, zone), textOf(nightAt(now, zone).date)),
                   "leave it out for the last night",
                   {}};
}

Night lastNight(Instant now, const TimeZone& zone) {
    return nightOf(std::chrono::floor<std::chrono::days>(localTime(now, zone)), zone);
}

Night nightAt(Instant instant, const TimeZone& zone) {
    return nightOf(std::chrono::floor<std::chrono::days>(localTime(instant, zone) + kNoon), zone);
}

std::string localText(Instant instant, const TimeZone& zone) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
    return toRfc3339(seconds, std::chrono::floor<std::chrono::minutes>(zone.spanAt(seconds).offset));
}

}  // namespace caseway
