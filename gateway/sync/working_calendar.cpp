// gateway/sync/working_calendar.cpp - the lines of a calendar file.
#include "gateway/sync/working_calendar.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/sync/schedule_refusal.hpp"

namespace caseway {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view takeWord(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
    const std::string_view word = rest.substr(0, rest.find_first_of(kBlanks));
    rest.remove_prefix(word.size());
    return word;
}

}  // namespace

Result<WorkingCalendar, std::vector<Refusal>> WorkingCalendar::parse(std::string_view text, std::string_view file) {
    WorkingCalendar calendar;
    std::vector<Refusal> mistakes;
    const auto wrongFile = [file](std::string rule) {
        return std::vector{
            scheduleRefusal("calendar_invalid", std::string(file), {}, std::move(rule), "is it the right file?")};
    };
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    if (text.size() > kLongestCalendarBytes)
        return wrongFile(fmt::format("larger than {} bytes", kLongestCalendarBytes));
    std::size_t number = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (++number > kMostCalendarLines) return wrongFile(fmt::format("more than {} lines", kMostCalendarLines));
        const auto taken = calendar.takeLine(text.substr(0, end), fmt::format("{}, line {}", file, number));
        if (!taken && mistakes.size() < kMostCalendarMistakes) mistakes.push_back(taken.error());
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (!mistakes.empty()) return mistakes;
    return calendar;
}

Result<Done> WorkingCalendar::takeLine(std::string_view line, const std::string& where) {
    std::string_view rest = line;
    const std::string_view kind = takeWord(rest);
    if (kind.empty() || kind.starts_with('#')) return Done{};
    if (kind != "holiday" && kind != "workday")
        return scheduleRefusal("calendar_invalid", where, kind, "a line begins with holiday, workday or #",
                               "write e.g. holiday 2026-10-01..2026-10-07 or workday 2026-10-10");
    const auto range = parseDateRange(takeWord(rest), where);
    if (!range) return range.error();
    if ((kind == "holiday" ? workdays_ : holidays_).overlaps(*range))
        return scheduleRefusal("calendar_invalid", where, line, "a date is both a holiday and a workday",
                               "take it out of one of the lines");
    (kind == "holiday" ? holidays_ : workdays_).add(*range);
    return Done{};
}

bool WorkingCalendar::isWorkingDay(std::chrono::local_days date) const {
    if (workdays_.contains(date)) return true;
    const std::chrono::weekday day(date);
    return day != std::chrono::Saturday && day != std::chrono::Sunday && !holidays_.contains(date);
}

std::optional<std::chrono::local_days> WorkingCalendar::last() const {
    return std::max(holidays_.last(), workdays_.last());
}

}  // namespace caseway
