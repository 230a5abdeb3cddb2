// gateway/formats/zone/time_zone.cpp - zones of the date library.
#include "gateway/formats/zone/time_zone.hpp"

#include <date/tz.h>

#include <algorithm>

#include "gateway/formats/text/lower_case.hpp"
#include "gateway/formats/text/near_word.hpp"

namespace caseway {
namespace {

constexpr std::size_t kLongestName = 63;

std::chrono::sys_seconds standardTime(date::sys_seconds time) {
    return std::chrono::sys_seconds(time.time_since_epoch());
}

}  // namespace

std::optional<TimeZone> TimeZone::find(std::string_view name) {
    if (name.empty() || name.size() > kLongestName) return std::nullopt;
    try {
        return TimeZone(date::locate_zone(std::string(name)));
    } catch (const std::exception&) {  // an unknown name, or no time zone database on this machine
        return std::nullopt;
    }
}

std::vector<std::string> TimeZone::names() {
    std::vector<std::string> names;
    try {
        for (const date::time_zone& zone : date::get_tzdb().zones)
            if (!zone.name().empty()) names.push_back(zone.name());
    } catch (const std::exception&) {  // no time zone database on this machine
        return {};
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::string TimeZone::nearestName(std::string_view name) {
    if (name.empty() || name.size() > kLongestName) return {};
    const std::vector<std::string> all = names();
    std::vector<std::string> lowered;
    for (const std::string& known : all) lowered.push_back(lowerCase(known));
    const std::string wanted = lowerCase(name);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string_view last = std::string_view(lowered[i]).substr(lowered[i].rfind('/') + 1);
        if (lowered[i] == wanted || last == wanted) return all[i];
    }
    const std::vector<std::string_view> words(lowered.begin(), lowered.end());
    const std::string_view nearest = nearestWord(wanted, words);
    const auto found = std::find(words.begin(), words.end(), nearest);
    return nearest.empty() ? std::string() : all[static_cast<std::size_t>(found - words.begin())];
}

std::string_view TimeZone::name() const {
    return zone_->name();
}

ZoneSpan TimeZone::spanAt(std::chrono::sys_seconds instant) const {
    const auto info = zone_->get_info(date::sys_seconds(instant.time_since_epoch()));
    return {standardTime(info.begin), standardTime(info.end), info.offset};
}

std::optional<std::chrono::seconds> TimeZone::offsetAtLocal(std::chrono::local_seconds local) const {
    const auto info = zone_->get_info(date::local_seconds(local.time_since_epoch()));
    if (info.result == date::local_info::nonexistent) return std::nullopt;
    return info.first.offset;
}

}  // namespace caseway
