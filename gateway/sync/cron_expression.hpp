// gateway/sync/cron_expression.hpp - a cron expression of five fields, or a name like @daily: which dates and which
// times of day it chooses. Knows no zone and no clock: schedule.hpp does. Source: vixie cron, crontab(5).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"

namespace caseway {

constexpr std::size_t kLongestCronExpression = 1000;

class CronExpression {
public:
    /// Fields stand apart by blanks or tabs. Refused: `cron_invalid` (field, text, column, what is allowed), and
    /// `cron_never_runs` where no date can match, such as 30 February.
    static Result<CronExpression> parse(std::string_view text);

    bool matches(std::chrono::year_month_day date) const;
    bool matches(std::chrono::month month) const { return ((months_ >> static_cast<unsigned>(month)) & 1) != 0; }
    /// What cron takes and is probably not meant, for people; with field and column.
    const std::vector<std::string>& notes() const { return notes_; }
    /// Minutes of the day, ascending; never empty.
    std::vector<int> timesOfDay() const;

    /// Minute or hour begins with '*': the job follows the clock, so it runs in both of two repeated hours.
    bool isInterval() const { return is_interval_; }
    /// An interval that chooses every hour of the day: where the clock skips one, the next is soon enough. Times given
    /// as numbers are none, whatever hours they name.
    bool isHourlyInterval() const;

private:
    static Result<CronExpression> fromFields(std::string_view text);
    bool canMatch() const;

    std::uint64_t minutes_ = 0, hours_ = 0, days_ = 0, months_ = 0, weekdays_ = 0;
    bool day_or_weekday_ = false;  ///< neither day field begins with '*': one of them is enough
    bool is_interval_ = false;
    std::vector<std::string> notes_;
};

}  // namespace caseway
