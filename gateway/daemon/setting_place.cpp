// gateway/daemon/setting_place.cpp - a search through the settings.
#include "gateway/daemon/setting_place.hpp"

#include <fmt/format.h>

#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

constexpr std::size_t kLeastBytes = 4;  ///< shorter ones are words that any text may begin with

struct Found {
    std::size_t bytes = 0;
    int line = 0;
    std::string pointer{};
};

bool speaksOf(std::string_view said, std::string_view text) {
    return text.size() >= kLeastBytes && said.starts_with(text) &&
           (said.size() == text.size() || said[text.size()] == '/' || text.ends_with('/'));
}

void search(const YamlNode& node, const std::string& pointer, std::string_view said, Found& best) {
    if (node.kind == YamlNode::Kind::Text && node.text.size() > best.bytes && speaksOf(said, node.text))
        best = {node.text.size(), node.line, pointer};
    for (const YamlMember& member : node.members) {
        if (member.key == "secret") continue;
        std::string inner = pointer;
        appendPointerToken(member.key, inner);
        search(member.value, inner, said, best);
    }
    for (std::size_t i = 0; i < node.items.size(); ++i)
        search(node.items[i], fmt::format("{}/{}", pointer, i), said, best);
}

/// Of "folder_not_usable, /srv/x: …", as steps begin that failed (connectors/sdk/check_run.hpp).
std::string_view whereOf(std::string_view detail) {
    const std::size_t comma = detail.find(", ");
    const std::size_t end = comma == std::string_view::npos ? comma : detail.find(": ", comma);
    return end == std::string_view::npos ? std::string_view() : detail.substr(comma + 2, end - comma - 2);
}

}  // namespace

std::string placeOfSetting(const YamlNode& settings, const std::string& file, std::string_view said) {
    Found best;
    search(settings, "/settings", said, best);
    return best.bytes == 0 ? std::string() : fmt::format("{}:{} {}", file, best.line, best.pointer);
}

std::vector<CheckStep> withPlaces(std::vector<CheckStep> steps, const YamlNode& settings, const std::string& file) {
    for (CheckStep& step : steps) {
        if (step.good) continue;
        std::string place = placeOfSetting(settings, file, whereOf(step.detail));
        if (place.empty())  // "look at /out"
            place = placeOfSetting(settings, file, std::string_view(step.name).substr(step.name.rfind(' ') + 1));
        if (!place.empty()) step.detail += " (" + place + ")";
    }
    return steps;
}

}  // namespace caseway
