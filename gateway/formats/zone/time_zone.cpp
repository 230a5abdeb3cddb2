// gateway/formats/zone/time_zone.cpp - zones of the date library, and the last line of their files.
#include "gateway/formats/zone/time_zone.hpp"

#include <date/tz.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "gateway/formats/text/lower_case.hpp"
#include "gateway/formats/text/near_word.hpp"

namespace caseway {
namespace {

constexpr std::size_t kLongestName = 63;
constexpr const char* kZoneFolder = "/usr/share/zoneinfo/";  // of tzdata; the date library reads the same
constexpr std::chrono::hours kMostOffset{26};                // no clock is further from UTC: POSIX allows 24:59:59
constexpr std::chrono::sys_seconds kAfterAll = std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1);

std::chrono::sys_seconds standardTime(date::sys_seconds time) {
    return std::chrono::sys_seconds(time.time_since_epoch());
}

/// The footer of a TZif file: its last line. Nothing where the file is another, or has none.
std::optional<PosixRule> lastingRule(const std::string& name) {
    std::ifstream file(kZoneFolder + name, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!bytes.starts_with("TZif") || !bytes.ends_with('\n')) return std::nullopt;
    const std::string_view lines = std::string_view(bytes).substr(0, bytes.size() - 1);
    const auto rule = PosixRule::parse(lines.substr(lines.rfind('\n') + 1));
    return rule && rule->hasChanges() ? rule : std::nullopt;
}

}  // namespace

TimeZone::TimeZone(const date::time_zone* zone) : zone_(zone), rule_(lastingRule(zone->name())) {}

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
    // What people write for China's time and IANA does not know.
    const std::string_view place = std::string_view(wanted).substr(wanted.rfind('/') + 1);
    for (const std::string_view word : {"beijing", "peking", "cst", "bjt", "china", "北京", "上海"})
        if (place == word) return "Asia/Shanghai";
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
    const ZoneSpan listed{standardTime(info.begin), standardTime(info.end), info.offset};
    if (!rule_ || listed.end < kAfterAll) return listed;
    ZoneSpan span = rule_->spanAt(instant);
    span.begin = std::max(span.begin, listed.begin);
    return span;
}

std::optional<std::chrono::seconds> TimeZone::offsetAtLocal(std::chrono::local_seconds local) const {
    const std::chrono::sys_seconds as_utc(local.time_since_epoch());
    for (ZoneSpan span = spanAt(as_utc - kMostOffset);; span = spanAt(span.end)) {
        const std::chrono::sys_seconds instant = as_utc - span.offset;
        if (instant < span.begin) return std::nullopt;
        if (instant < span.end) return span.offset;
    }
}

}  // namespace caseway
