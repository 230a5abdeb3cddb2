// gateway/formats/zone/posix_rule.hpp - the rule that a zone follows after the last change that tzdata lists: the
// offsets, and on which dates of every year the clock changes. Pure; time_zone.hpp says which file it stands in.
// Format: the TZ string in the footer of a TZif file, RFC 8536 §3.3; POSIX.1-2017 §8.3, hours from -167 to 167.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace caseway {

/// From `begin` until before `end`, local time is UTC + `offset`.
struct ZoneSpan {
    std::chrono::sys_seconds begin, end;
    std::chrono::seconds offset;
};

/// A value, cheap to copy.
class PosixRule {
public:
    /// "CET-1CEST,M3.5.0,M10.5.0/3". Nothing where the text is no such rule.
    static std::optional<PosixRule> parse(std::string_view text);

    /// False: one offset for ever.
    bool hasChanges() const { return has_changes_; }
    /// The span of the rule that holds an instant of the years 1 to 9999, as if it had always been in force.
    ZoneSpan spanAt(std::chrono::sys_seconds instant) const;

private:
    friend class PosixRuleReader;

    /// The same date and time of day in each year.
    struct Change {
        enum class Kind { Julian, Day, Weekday } kind = Kind::Weekday;
        unsigned day = 0;                                   ///< Julian: 1-365, never 29 February; Day: 0-365
        unsigned month = 1, week = 1, weekday = 0;          ///< Weekday; week 5 is the last
        std::chrono::seconds time = std::chrono::hours(2);  ///< since midnight, by the clock before the change
        std::chrono::local_seconds in(std::chrono::year year) const;
    };

    std::chrono::seconds standard_{0}, summer_{0};  ///< east of UTC; which of the two is ahead is the zone's matter
    bool has_changes_ = false;
    Change to_summer_, to_standard_;
};

}  // namespace caseway
