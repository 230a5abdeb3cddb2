// gateway/report/report_pictures.cpp - rectangles.
#include "gateway/report/report_pictures.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/report/html_text.hpp"

namespace caseway {
namespace {

constexpr double kBarWidth = 520, kRow = 22, kLabelWidth = 260, kNumberWidth = 110;
constexpr std::size_t kMostBars = 60;

struct Part {
    std::uint64_t count;
    std::string_view css, name;
};

std::array<Part, 5> partsOf(const RecordCounts& counts, const ReportWords& words) {
    return {{{counts.fresh, "new", words.fresh},
             {counts.changed, "changed", words.changed},
             {counts.same, "same", words.same},
             {counts.stale, "stale", words.stale},
             {counts.refused, "refused", words.refused}}};
}

/// The last part of a name that is too long for its place, by characters that are ASCII: connectors have no others.
std::string label(const std::string& name) {
    constexpr std::size_t kMost = 36;
    return name.size() <= kMost ? name : "…" + name.substr(name.size() - kMost);
}

std::string bar(const ConnectorNight& one, double y, double scale, const ReportWords& words) {
    std::string svg = fmt::format(R"(<text x="{}" y="{}" text-anchor="end">{}</text>)", kLabelWidth - 8, y + 14,
                                  escapedHtml(label(one.connector)));
    double x = kLabelWidth;
    std::string told;
    for (const Part& part : partsOf(one.counts.records, words)) {
        told += fmt::format("{}{} {}", told.empty() ? "" : ", ", part.count, part.name);
        if (part.count == 0) continue;
        const double width = std::max(1.0, static_cast<double>(part.count) * scale);
        svg += fmt::format(R"(<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="14"/>)", part.css, x, y + 3,
                           width);
        x += width;
    }
    return svg + fmt::format(R"(<text x="{:.1f}" y="{}">{}<title>{}</title></text>)", x + 6, y + 14, one.counts.read,
                             escapedHtml(told));
}

}  // namespace

std::string countsPicture(const MorningReport& report, const ReportWords& words) {
    std::vector<const ConnectorNight*> shown;
    forEachConnector(report, [&](const auto&, const ConnectorNight& one) {
        if (one.counts.read != 0) shown.push_back(&one);
    });
    if (shown.empty()) return {};
    std::stable_sort(shown.begin(), shown.end(),
                     [](const auto* a, const auto* b) { return a->counts.read > b->counts.read; });
    if (shown.size() > kMostBars) shown.resize(kMostBars);
    const double scale = kBarWidth / static_cast<double>(shown.front()->counts.read);
    const double height = kRow * static_cast<double>(shown.size() + 1) + 6;
    std::string svg = fmt::format(
        R"(<svg class="counts" role="img" viewBox="0 0 {} {}" xmlns="http://www.w3.org/2000/svg"><title>{}</title>)",
        kLabelWidth + kBarWidth + kNumberWidth, height, escapedHtml(words.legend));
    double x = kLabelWidth;
    for (const Part& part : partsOf({}, words)) {
        svg += fmt::format(R"(<rect class="{}" x="{}" y="3" width="12" height="12"/><text x="{}" y="14">{}</text>)",
                           part.css, x, x + 17, escapedHtml(part.name));
        x += 90;
    }
    double y = kRow;
    for (const ConnectorNight* one : shown) {
        svg += bar(*one, y, scale, words);
        y += kRow;
    }
    return svg + "</svg>";
}

std::string volumePicture(const NightVolume& volume, const ReportWords& words) {
    if (volume.before.empty() && volume.read == 0) return {};
    std::uint64_t most = std::max<std::uint64_t>(1, volume.read);
    for (const std::uint64_t count : volume.before) most = std::max(most, count);
    constexpr double kHeight = 28, kStep = 7;
    const double scale = kHeight / static_cast<double>(most);
    const double width = kStep * static_cast<double>(volume.before.size() + 1);
    std::string svg =
        fmt::format(R"(<svg class="volume" role="img" width="{:.0f}" height="{:.0f}" viewBox="0 0 {:.0f} {:.0f}" )"
                    R"(xmlns="http://www.w3.org/2000/svg"><title>)",
                    width, kHeight, width, kHeight);
    for (const std::uint64_t count : volume.before) svg += std::to_string(count) + " ";
    svg += fmt::format("→ {}", volume.read);
    if (volume.median) svg += fmt::format(" ({} {:g})", escapedHtml(words.median), *volume.median);
    svg += "</title>";
    double x = 0;
    const auto column = [&](std::uint64_t count, std::string_view css) {
        const double height = std::max(1.0, static_cast<double>(count) * scale);
        svg += fmt::format(R"(<rect class="{}" x="{:.1f}" y="{:.1f}" width="5" height="{:.1f}"/>)", css, x,
                           kHeight - height, height);
        x += kStep;
    };
    for (const std::uint64_t count : volume.before) column(count, "before");
    column(volume.read, volume.jumped ? "jumped" : "tonight");
    if (volume.median) {
        const double y = kHeight - *volume.median * scale;
        svg += fmt::format(R"(<line class="median" x1="0" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>)", width, y, y);
    }
    return svg + "</svg>";
}

}  // namespace caseway
