// connectors/sdk/exchange_folder/choice.cpp - the rules of readiness.
#include "connectors/sdk/exchange_folder/choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "connectors/sdk/exchange_folder/name_pattern.hpp"

namespace caseway {
namespace {

bool fitsAPattern(const std::string& name, const std::vector<std::string>& patterns) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const std::string& pattern) { return matchesPattern(name, pattern); });
}

std::string textOf(const WaitingFile& file, const ExchangeSettings& settings) {
    const std::string name = shownName(file.entry.name);
    const auto marker = [&] { return shownName(markerOf(file.entry.name, settings.marker)); };
    switch (file.what) {
        case WaitsFor::Marker:
            return fmt::format("`{}` waits for `{}`", name, marker());
        case WaitsFor::NewerMarker:
            return fmt::format("`{}` waits for a newer `{}`: it was written after that one", name, marker());
        case WaitsFor::Bytes:
            return fmt::format("`{}` is empty", name);
        case WaitsFor::Age:
            break;
    }
    return fmt::format("`{}` waits until nobody has touched it for {} seconds (min_age_seconds)", name,
                       settings.least_age.count());
}

}  // namespace

std::string textOf(const std::vector<WaitingFile>& waiting, const ExchangeSettings& settings) {
    std::string text;
    for (std::size_t i = 0; i < std::min(waiting.size(), kFilesNamed); ++i)
        text += (i == 0 ? "" : "; ") + textOf(waiting[i], settings);
    if (waiting.size() > kFilesNamed) text += fmt::format("; and {} more wait", waiting.size() - kFilesNamed);
    return text;
}

std::optional<std::string> whyNotTaken(const FileEntry& entry, const ExchangeSettings& settings) {
    if (!entry.regular) return "it is a link or a special file: only plain files are read";
    if (entry.names > 1)
        return fmt::format(
            "it has {} names (hard links): it may be another's file, so only files with one name are read",
            entry.names);
    if (entry.foreign) return "it belongs to the gateway's own user, who puts nothing into this folder";
    if (entry.bytes > settings.file_bytes_most)
        return fmt::format("it has {} bytes, at most {} are taken (max_file_bytes)", entry.bytes,
                           settings.file_bytes_most);
    if (entry.bytes == 0) return "it is empty";
    return std::nullopt;
}

Choice chooseFiles(const std::vector<FileEntry>& listing, const ExchangeSettings& settings,
                   std::chrono::system_clock::time_point now) {
    const bool by_marker = !settings.marker.empty();
    const std::int64_t youngest =
        std::chrono::duration_cast<std::chrono::nanoseconds>((now - settings.least_age).time_since_epoch()).count();
    const std::string marker_end = by_marker ? settings.marker.substr(6) : "";
    std::unordered_map<std::string_view, std::int64_t> markers;  // name, written when
    if (by_marker)
        for (const FileEntry& entry : listing)
            if (entry.regular && entry.name.ends_with(marker_end)) markers.emplace(entry.name, entry.modified_ns);

    Choice choice;
    for (const FileEntry& entry : listing) {
        if (entry.folder || (by_marker && entry.name.ends_with(marker_end))) continue;
        if (!fitsAPattern(entry.name, settings.patterns)) {
            if (++choice.passed_over_count <= kFilesNamed) choice.passed_over.push_back(entry.name);
            continue;
        }
        std::optional<WaitsFor> waits_for;
        if (by_marker) {
            const auto marker = markers.find(markerOf(entry.name, settings.marker));
            if (marker == markers.end())
                waits_for = WaitsFor::Marker;
            else if (marker->second < entry.modified_ns && entry.regular)
                waits_for = WaitsFor::NewerMarker;
        } else if (entry.touched_ns > youngest) {
            waits_for = WaitsFor::Age;
        } else if (entry.bytes == 0 && entry.regular) {
            waits_for = WaitsFor::Bytes;
        }
        if (waits_for) {
            choice.waiting.push_back({entry, *waits_for});
        } else if (std::optional<std::string> reason = whyNotTaken(entry, settings)) {
            choice.refused.push_back({entry, std::move(*reason)});
        } else {
            choice.ready.push_back(entry);
        }
    }
    std::sort(choice.ready.begin(), choice.ready.end(), [&](const FileEntry& a, const FileEntry& b) {
        if (settings.by_time && a.modified_ns != b.modified_ns) return a.modified_ns < b.modified_ns;
        return a.name < b.name;
    });
    return choice;
}

}  // namespace caseway
