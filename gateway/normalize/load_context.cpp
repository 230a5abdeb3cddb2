// gateway/normalize/load_context.cpp - reading texts, lists and flags out of the YAML tree, with a mistake for
// everything else.
#include <algorithm>

#include "gateway/formats/text/near_word.hpp"
#include "gateway/normalize/field_loader.hpp"

namespace caseway {
namespace {

constexpr std::size_t kMostMistakes = 200;

std::string listed(const std::vector<std::string_view>& words) {
    std::string text;
    for (const auto word : words) (text += text.empty() ? "known: " : ", ") += word;
    return text;
}

/// A field that stands beside `fields`, as where its indent was lost.
bool isFieldOutside(std::string_view key, const std::vector<std::string_view>& known) {
    if (std::find(known.begin(), known.end(), "fields") == known.end()) return false;
    const std::vector<std::string_view> fields = knownFieldNames();
    return key.starts_with("extra.") || std::find(fields.begin(), fields.end(), key) != fields.end();
}

}  // namespace

void LoadContext::mistake(int line, std::string where, std::string rule, std::string hint) {
    if (mistakes_.size() < kMostMistakes)
        mistakes_.push_back({file_, line, std::move(where), std::move(rule), std::move(hint)});
}

std::optional<std::string> LoadContext::text(const YamlNode& node, const std::string& where) {
    if (node.kind == YamlNode::Kind::Text && !node.text.empty()) return node.text;
    mistake(node.line, where, "must be a text", "write one value; quote it where it bears : # or brackets");
    return std::nullopt;
}

std::vector<std::string> LoadContext::texts(const YamlNode& node, const std::string& where) {
    std::vector<std::string> found;
    if (node.kind == YamlNode::Kind::Text)
        found.push_back(node.text);
    else if (node.kind != YamlNode::Kind::List)
        mistake(node.line, where, "must be a text or a list of texts", "[\"无\", \"/\"]");
    for (const YamlNode& item : node.items) {
        if (item.kind == YamlNode::Kind::Text)
            found.push_back(item.text);
        else
            mistake(item.line, where, "must be a list of texts", "quote words like null and ~");
    }
    return found;
}

bool LoadContext::flag(const YamlNode& node, const std::string& where) {
    if (node.kind == YamlNode::Kind::Text && node.text == "true") return true;
    if (node.kind != YamlNode::Kind::Text || node.text != "false")
        mistake(node.line, where, "must be true or false", "write true or false");
    return false;
}

bool LoadContext::isMapOf(YamlNode& node, const std::string& where, const std::vector<std::string_view>& known) {
    if (node.kind != YamlNode::Kind::Map) {
        const std::string_view seen = hintOfLookAlike(node.text);
        mistake(node.line, where, "must be a map of keys", seen.empty() ? listed(known) : std::string(seen));
        return false;
    }
    for (YamlMember& member : node.members) {
        if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
        if (mistakes_.size() >= kMostMistakes) break;
        const std::string_view seen = hintOfLookAlike(member.key);
        mistake(member.line, where.empty() ? member.key : where + "." + member.key, "is not a key of the language",
                !seen.empty()                       ? std::string(seen)
                : isFieldOutside(member.key, known) ? "a field of the record stands under `fields`: indent it"
                                                    : hintOfNearest(member.key, known, listed(known)));
        rename(node, member, known);
    }
    return true;
}

void rename(YamlNode& map, YamlMember& member, const std::vector<std::string_view>& known) {
    const std::string_view meant = nearestWord(member.key, known);
    if (!meant.empty() && map.find(meant) == nullptr) member.key = meant;
}

SpecPlace placeOf(const YamlNode& node, const std::string& where) {
    SpecPlace place{where, node.line, {}};
    for (const YamlMember& member : node.members) place.key_lines.emplace_back(member.key, member.line);
    return place;
}

}  // namespace caseway
