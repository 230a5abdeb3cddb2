// gateway/base/time.hpp - instants and the RFC 3339 text in which they travel.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace caseway {

/// An instant, UTC, to the microsecond.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

/// Parses RFC 3339 with its offset ("Z", "-00:00", "+08:00"), 64 bytes at most; a fraction is cut to microseconds. A
/// leap second (":60", a UTC month ends) is the next second. Nothing for other texts, or a year outside 1..9999.
std::optional<Instant> parseRfc3339(std::string_view text);

/// "2026-05-04T08:30:00.000000Z" without trailing zeros in the fraction: "2026-05-04T08:30:00Z".
std::string toRfc3339(Instant instant);

/// The same instant as a clock shows it that far east of UTC: "2026-05-04T16:30:00+08:00"; "+00:00" rather than "Z".
/// The offset is less than a day.
std::string toRfc3339(Instant instant, std::chrono::minutes east_of_utc);

}  // namespace caseway
