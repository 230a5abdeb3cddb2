// gateway/normalize/zone_rule.hpp - the time zone that a mapping gives to times without one: an offset, or a name of
// the IANA time zone database.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "gateway/formats/zone/time_zone.hpp"

namespace caseway {

class ZoneRule {
public:
    /// "+08:00", "Z", "Asia/Shanghai"; nothing where it is neither.
    static std::optional<ZoneRule> parse(std::string_view text);
    /// Minutes east of UTC where they are always the same.
    std::optional<int> fixedOffset() const { return zone_ ? std::nullopt : std::optional<int>(minutes_); }
    /// Minutes east of UTC at a local time; nothing where that time was skipped. Of two (clocks set back) the first.
    std::optional<int> offsetAtLocal(std::chrono::local_seconds local) const;
    /// Minutes east of UTC at an instant.
    int offsetAt(std::chrono::sys_seconds instant) const;

private:
    std::optional<TimeZone> zone_;
    int minutes_ = 0;
};

/// Minutes of "Z", "+08:00", "+0800" or "+08"; nothing for any other text.
std::optional<int> parseOffset(std::string_view text);

}  // namespace caseway
