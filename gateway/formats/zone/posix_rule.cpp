// gateway/formats/zone/posix_rule.cpp - a reader of the text from left to right, and the changes of a few years.
#include "gateway/formats/zone/posix_rule.hpp"

#include <algorithm>
#include <array>

namespace caseway {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year;

/// Each read takes its part off the text; after the first that fails all others fail.
class PosixRuleReader {
public:
    explicit PosixRuleReader(std::string_view text) : rest_(text) {}

    std::optional<PosixRule> read() {
        PosixRule rule;
        takeName();
        rule.standard_ = -takeTime(kMostOffsetHours);
        if (is_good_ && !rest_.empty()) {
            rule.has_changes_ = true;
            takeName();
            rule.summer_ = rule.standard_ + hours(1);
            if (!rest_.starts_with(',')) rule.summer_ = -takeTime(kMostOffsetHours);
            rule.to_summer_ = takeChange();
            rule.to_standard_ = takeChange();
        }
        if (!is_good_ || !rest_.empty()) return std::nullopt;
        return rule;
    }

private:
    using Change = PosixRule::Change;
    static constexpr unsigned kMostOffsetHours = 24, kMostChangeHours = 167;

    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void need(char c) { is_good_ = take(c) && is_good_; }

    /// "CET", or "<+0330>".
    void takeName() {
        const bool is_quoted = take('<');
        const auto isPart = [&](char c) {
            const bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            return is_letter || (is_quoted && ((c >= '0' && c <= '9') || c == '+' || c == '-'));
        };
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), isPart);
        const auto length = static_cast<std::size_t>(end - rest_.begin());
        is_good_ = is_good_ && length >= 3;
        rest_.remove_prefix(length);
        if (is_quoted) need('>');
    }

    unsigned takeNumber(unsigned least, unsigned most) {
        unsigned number = 0;
        std::size_t digits = 0;
        for (; digits < 3 && digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits)
            number = number * 10 + static_cast<unsigned>(rest_[digits] - '0');
        is_good_ = is_good_ && digits > 0 && number >= least && number <= most;
        rest_.remove_prefix(digits);
        return number;
    }

    /// "2", "-10:30", "26:00:00".
    seconds takeTime(unsigned most_hours) {
        const bool is_negative = take('-');
        if (!is_negative) take('+');
        seconds time = hours(takeNumber(0, most_hours));
        if (take(':')) time += minutes(takeNumber(0, 59));
        if (take(':')) time += seconds(takeNumber(0, 59));
        return is_negative ? -time : time;
    }

    /// ",M3.5.0/3", ",J60", ",59/-1".
    Change takeChange() {
        Change change;
        need(',');
        if (take('M')) {
            change.month = takeNumber(1, 12);
            need('.');
            change.week = takeNumber(1, 5);
            need('.');
            change.weekday = takeNumber(0, 6);
        } else {
            change.kind = take('J') ? Change::Kind::Julian : Change::Kind::Day;
            change.day = takeNumber(change.kind == Change::Kind::Julian ? 1 : 0, 365);
        }
        if (take('/')) change.time = takeTime(kMostChangeHours);
        return change;
    }

    std::string_view rest_;
    bool is_good_ = true;
};

std::optional<PosixRule> PosixRule::parse(std::string_view text) {
    return PosixRuleReader(text).read();
}

local_seconds PosixRule::Change::in(year of) const {
    const local_days first = local_days(of / std::chrono::January / 1);
    if (kind == Kind::Day) return first + days(day) + time;
    if (kind == Kind::Julian) return first + days(static_cast<int>(day) - (of.is_leap() && day >= 60 ? 0 : 1)) + time;
    const auto chosen = of / std::chrono::month(month);
    const std::chrono::weekday name(weekday);
    return (week == 5 ? local_days(chosen / name[std::chrono::last]) : local_days(chosen / name[week])) + time;
}

ZoneSpan PosixRule::spanAt(sys_seconds instant) const {
    if (!has_changes_)
        return {sys_days(year::min() / std::chrono::January / 1), sys_days(year::max() / std::chrono::December / 31),
                standard_};
    struct At {
        sys_seconds instant;
        seconds offset;  ///< from it on
    };
    // The year of the offset's clock may be another than that of UTC, and a change may come a week beside its date.
    const year middle = std::chrono::year_month_day(std::chrono::floor<days>(instant)).year();
    std::array<At, 10> changes;
    auto next = changes.begin();
    for (int i = -2; i <= 2; ++i) {
        const year of = middle + std::chrono::years(i);
        *next++ = {sys_seconds(to_summer_.in(of).time_since_epoch() - standard_), summer_};
        *next++ = {sys_seconds(to_standard_.in(of).time_since_epoch() - summer_), standard_};
    }
    std::sort(changes.begin(), changes.end(), [](const At& a, const At& b) { return a.instant < b.instant; });
    const auto after = std::find_if(changes.begin(), changes.end(), [&](const At& at) { return at.instant > instant; });
    return {std::prev(after)->instant, after->instant, std::prev(after)->offset};
}

}  // namespace caseway
