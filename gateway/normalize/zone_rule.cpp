// gateway/normalize/zone_rule.cpp - offsets and IANA zones.
#include "gateway/normalize/zone_rule.hpp"

#include <date/tz.h>

#include <string>

namespace caseway {
namespace {

int twoDigits(std::string_view text) {
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') return -1;
    return (text[0] - '0') * 10 + (text[1] - '0');
}

int minutesOf(std::chrono::seconds offset) {
    return static_cast<int>(std::chrono::floor<std::chrono::minutes>(offset).count());
}

}  // namespace

std::optional<int> parseOffset(std::string_view text) {
    if (text == "Z" || text == "z") return 0;
    if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    const int hours = twoDigits(text.substr(1));
    int minutes = 0;
    if (text.size() == 6 && text[3] == ':')
        minutes = twoDigits(text.substr(4));
    else if (text.size() == 5)
        minutes = twoDigits(text.substr(3));
    else if (text.size() != 3)
        return std::nullopt;
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
    return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

std::optional<ZoneRule> ZoneRule::parse(std::string_view text) {
    ZoneRule rule;
    if (const auto minutes = parseOffset(text)) {
        rule.minutes_ = *minutes;
        return rule;
    }
    try {
        rule.zone_ = date::locate_zone(std::string(text));
        return rule;
    } catch (const std::exception&) {  // an unknown name, or no time zone database on this machine
        return std::nullopt;
    }
}

std::optional<int> ZoneRule::offsetAtLocal(std::chrono::local_seconds local) const {
    if (zone_ == nullptr) return minutes_;
    const auto info = zone_->get_info(date::local_seconds(local.time_since_epoch()));
    if (info.result == date::local_info::nonexistent) return std::nullopt;
    return minutesOf(info.first.offset);
}

int ZoneRule::offsetAt(std::chrono::sys_seconds instant) const {
    if (zone_ == nullptr) return minutes_;
    return minutesOf(zone_->get_info(date::sys_seconds(instant.time_since_epoch())).offset);
}

}  // namespace caseway
