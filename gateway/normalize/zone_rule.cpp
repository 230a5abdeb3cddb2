// gateway/normalize/zone_rule.cpp - offsets and IANA zones.
#include "gateway/normalize/zone_rule.hpp"

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
    rule.zone_ = TimeZone::find(text);
    if (!rule.zone_) return std::nullopt;
    return rule;
}

std::optional<int> ZoneRule::offsetAtLocal(std::chrono::local_seconds local) const {
    if (!zone_) return minutes_;
    const auto offset = zone_->offsetAtLocal(local);
    return offset ? std::optional<int>(minutesOf(*offset)) : std::nullopt;
}

int ZoneRule::offsetAt(std::chrono::sys_seconds instant) const {
    return zone_ ? minutesOf(zone_->spanAt(instant).offset) : minutes_;
}

}  // namespace caseway
