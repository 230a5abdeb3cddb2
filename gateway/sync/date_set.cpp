// gateway/sync/date_set.cpp - ranges of dates, merged when they are added.
#include "gateway/sync/date_set.hpp"

#include <algorithm>

#include "gateway/sync/schedule_refusal.hpp"

namespace caseway {
namespace {

using std::chrono::days;
using std::chrono::local_days;

int digits(std::string_view text) {
    int number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return -1;
        number = number * 10 + (c - '0');
    }
    return number;
}

std::optional<local_days> parseDate(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const int year = digits(text.substr(0, 4)), month = digits(text.substr(5, 2)), day = digits(text.substr(8, 2));
    if (year < 1 || month < 1 || day < 1) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    return local_days(date);
}

}  // namespace

Result<DateRange> parseDateRange(std::string_view text, std::string_view where) {
    const std::size_t dots = text.find("..");
    const auto first = parseDate(text.substr(0, dots));
    const auto last = dots == std::string_view::npos ? first : parseDate(text.substr(dots + 2));
    if (!first || !last)
        return scheduleRefusal("date_range_invalid", std::string(where), text, "not a date, or not one of the calendar",
                               "write 2026-10-01, or 2026-10-01..2026-10-07");
    if (*last < *first)
        return scheduleRefusal("date_range_invalid", std::string(where), text, "the range ends before it begins",
                               "write the earlier date first");
    return DateRange{*first, *last};
}

void DateSet::add(DateRange range) {
    auto at = std::lower_bound(ranges_.begin(), ranges_.end(), range.first,
                               [](const DateRange& one, local_days date) { return one.last + days(1) < date; });
    const auto begin = at;
    for (; at != ranges_.end() && at->first <= range.last + days(1); ++at) {
        range.first = std::min(range.first, at->first);
        range.last = std::max(range.last, at->last);
    }
    ranges_.insert(ranges_.erase(begin, at), range);
}

std::vector<DateRange>::const_iterator DateSet::firstEndingFrom(local_days date) const {
    return std::lower_bound(ranges_.begin(), ranges_.end(), date,
                            [](const DateRange& one, local_days day) { return one.last < day; });
}

bool DateSet::overlaps(DateRange range) const {
    const auto at = firstEndingFrom(range.first);
    return at != ranges_.end() && at->first <= range.last;
}

local_days DateSet::firstOutside(local_days date) const {
    const auto at = firstEndingFrom(date);
    return at != ranges_.end() && at->first <= date ? at->last + days(1) : date;
}

std::optional<local_days> DateSet::last() const {
    if (ranges_.empty()) return std::nullopt;
    return ranges_.back().last;
}

}  // namespace caseway
