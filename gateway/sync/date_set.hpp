// gateway/sync/date_set.hpp - a set of dates, given as single dates and ranges: blackout dates, holidays.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"

namespace caseway {

struct DateRange {
    std::chrono::local_days first, last;  ///< both inside
};

/// "2026-10-01" or "2026-10-01..2026-10-07", years 1 to 9999. Refused with `date_range_invalid`; `where` says of what.
Result<DateRange> parseDateRange(std::string_view text, std::string_view where);

class DateSet {
public:
    void add(DateRange range);
    bool empty() const { return ranges_.empty(); }
    bool contains(std::chrono::local_days date) const { return overlaps({date, date}); }
    bool overlaps(DateRange range) const;
    /// `date`, or the first one after it that is not in the set.
    std::chrono::local_days firstOutside(std::chrono::local_days date) const;
    /// The last date of the set; nothing where it is empty.
    std::optional<std::chrono::local_days> last() const;

private:
    std::vector<DateRange>::const_iterator firstEndingFrom(std::chrono::local_days date) const;
    std::vector<DateRange> ranges_;  ///< ascending; neither overlapping nor adjacent
};

}  // namespace caseway
