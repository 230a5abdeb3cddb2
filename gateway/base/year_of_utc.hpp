// gateway/base/year_of_utc.hpp - which instants can be written in UTC and read again: what was written in the first or
// the last hours of its zone may be of the year 0 or 10000 there.
#pragma once

#include "gateway/base/time.hpp"

namespace caseway {

/// Whether parseRfc3339() reads what toRfc3339() writes of it.
constexpr bool hasYearOfUtc(Instant instant) {
    using namespace std::chrono;
    return instant >= sys_days(year(1) / 1 / 1) && instant < sys_days(year(10000) / 1 / 1);
}

}  // namespace caseway
