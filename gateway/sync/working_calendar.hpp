// gateway/sync/working_calendar.hpp - which dates are working days: Monday to Friday, but for the holidays and the
// worked weekends (调休) that a file names, as the State Council announces them each year.
// The file, a line each: "holiday 2026-10-01..2026-10-07 国庆节", "workday 2026-10-10", "# remark".
// docs/operating/schedules.md.
#pragma once

#include <string_view>
#include <vector>

#include "gateway/sync/date_set.hpp"

namespace caseway {

constexpr std::size_t kLongestCalendarBytes = 1024 * 1024;
constexpr std::size_t kMostCalendarLines = 10'000;
constexpr std::size_t kMostCalendarMistakes = 50;

class WorkingCalendar {
public:
    /// `file`: its name, for refusals. Refused with `calendar_invalid` or `date_range_invalid` for each line that is
    /// wrong, at most kMostCalendarMistakes: file, line, what is wrong.
    static Result<WorkingCalendar, std::vector<Refusal>> parse(std::string_view text, std::string_view file);

    bool isWorkingDay(std::chrono::local_days date) const;
    /// The last date that the file names; nothing where it names none. After its year weekdays alone decide.
    std::optional<std::chrono::local_days> last() const;

private:
    Result<Done> takeLine(std::string_view line, const std::string& where);

    DateSet holidays_, workdays_;
};

}  // namespace caseway
