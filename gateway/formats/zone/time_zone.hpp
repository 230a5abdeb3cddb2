// gateway/formats/zone/time_zone.hpp - a named zone of the IANA time zone database, read from the system's tzdata. Not
// a fixed offset.
// The date library reads the changes that tzdata lists one by one, for most zones up to 2037; after the last of them
// the rule at the end of the zone's file holds (RFC 8536 §3.3), which posix_rule.hpp reads.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/formats/zone/posix_rule.hpp"

namespace date {
class time_zone;
}

namespace caseway {

/// A value, cheap to copy; may be used by several threads at once.
class TimeZone {
public:
    /// The zone of exactly this name ("Asia/Shanghai"); nothing where there is none, or no tzdata on this machine.
    static std::optional<TimeZone> find(std::string_view name);
    /// All names, sorted; empty where the machine has no tzdata.
    static std::vector<std::string> names();
    /// The name that was probably meant: other letter case, only its last part, or a typing mistake. Empty if none.
    static std::string nearestName(std::string_view name);

    std::string_view name() const;
    /// Of an instant of the years 1 to 9999.
    ZoneSpan spanAt(std::chrono::sys_seconds instant) const;
    /// East of UTC at a local time; nothing where that time was skipped. Of two (clocks set back) the first.
    std::optional<std::chrono::seconds> offsetAtLocal(std::chrono::local_seconds local) const;

private:
    explicit TimeZone(const date::time_zone* zone);
    const date::time_zone* zone_;
    std::optional<PosixRule> rule_;  ///< after the last listed change, where clocks still change then
};

}  // namespace caseway
