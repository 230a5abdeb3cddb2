// gateway/report/night.hpp - the night that a morning report tells of: from noon to noon on the clocks of one zone,
// named by the date of its morning, so that what begins at 22:00 and what begins at 02:00 stand on one page.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/formats/zone/time_zone.hpp"

namespace caseway {

struct Night {
    std::chrono::local_days date;  ///< of its morning
    Instant begin, end;            ///< noon of the day before; noon of `date`, outside

    bool contains(Instant instant) const { return instant >= begin && instant < end; }
};

/// "2026-11-26"
std::string textOf(std::chrono::local_days date);
/// Refusal: bad_parameter, unless it is one date as textOf() writes it.
Result<std::chrono::local_days> parseNightDate(std::string_view text);

Night nightOf(std::chrono::local_days date, const TimeZone& zone);
/// Refusal bad_parameter: it has not begun, so that nobody can say who came. Nothing: it has.
std::optional<Refusal> notBegun(const Night& night, const TimeZone& zone, Instant now);
/// The one whose morning has come: of the date that the zone's clocks show.
Night lastNight(Instant now, const TimeZone& zone);
/// The one that is now, or has just begun behind noon.
Night nightAt(Instant instant, const TimeZone& zone);

/// As the zone's clocks show it: "2026-11-26T01:30:00+08:00", without fractions.
std::string localText(Instant instant, const TimeZone& zone);

}  // namespace caseway
