// gateway/daemon/settings_judgement.cpp - open, note, leave out, open again.
#include "gateway/daemon/settings_judgement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "gateway/formats/settings/check_settings.hpp"

namespace caseway {
namespace {

constexpr int kMostTries = 32;

/// `/auth/password` as names.
std::vector<std::string> namesOf(std::string_view pointer) {
    std::vector<std::string> names;
    for (std::size_t at = 0; at < pointer.size();) {
        const std::size_t end = std::min(pointer.find('/', at + 1), pointer.size());
        names.emplace_back(pointer.substr(at + 1, end - at - 1));
        at = end;
    }
    return names;
}

YamlNode* childOf(YamlNode& node, const std::string& name) {
    if (node.kind == YamlNode::Kind::Map) return node.find(name);
    std::size_t index = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), index);
    const bool is_index = read.ec == std::errc() && node.kind == YamlNode::Kind::List && index < node.items.size();
    return is_index ? &node.items[index] : nullptr;
}

/// What stands at these names, the first `count` of them; nullptr where that is nothing.
YamlNode* nodeAt(YamlNode& root, const std::vector<std::string>& names, std::size_t count) {
    YamlNode* node = &root;
    for (std::size_t i = 0; i < count && node != nullptr; ++i) node = childOf(*node, names[i]);
    return node;
}

const SettingNode* schemaAt(const SettingNode& root, const std::vector<std::string>& names) {
    const SettingNode* node = &root;
    for (const std::string& name : names) {
        if (node == nullptr) return nullptr;
        node =
            node->type == SettingType::List ? (node->items.empty() ? nullptr : &node->items.front()) : node->find(name);
    }
    return node;
}

bool isSecret(const YamlNode& node) {
    return node.kind == YamlNode::Kind::Map && node.members.size() == 1 && node.members.front().key == "secret";
}

YamlNode textNode(std::string text) {
    YamlNode node;
    node.kind = YamlNode::Kind::Text;
    node.text = std::move(text);
    return node;
}

/// One that the type takes, as far as its schema knows; nothing where it knows none.
std::optional<YamlNode> goodValue(const SettingNode& schema, bool is_missing) {
    if (schema.is_secret) {
        YamlNode secret;
        secret.kind = YamlNode::Kind::Map;
        secret.members.push_back({"secret", 0, textNode("store:any")});
        return secret;
    }
    if (!schema.examples.empty()) return schema.examples.front();
    if (is_missing && schema.type == SettingType::Text)
        return textNode(schema.choices.empty() ? "x" : schema.choices.front());
    return std::nullopt;
}

/// Puts such a value there. False: there is none.
bool makeGood(YamlNode& root, const SettingNode& schema, const std::vector<std::string>& names) {
    YamlNode* const parent = names.empty() ? nullptr : nodeAt(root, names, names.size() - 1);
    const SettingNode* const known = schemaAt(schema, names);
    if (parent == nullptr || known == nullptr) return false;
    YamlNode* const node = childOf(*parent, names.back());
    auto value = goodValue(*known, node == nullptr);
    if (!value || (node == nullptr && parent->kind != YamlNode::Kind::Map)) return false;
    if (node != nullptr)
        *node = std::move(*value);
    else
        parent->members.push_back({names.back(), 0, std::move(*value)});
    return true;
}

/// Takes out the innermost of these names that stands there, and says which that was; empty: nothing did, or it is an
/// item of a list.
std::string leaveOut(YamlNode& root, std::vector<std::string> names) {
    for (; !names.empty(); names.pop_back()) {
        YamlNode* const parent = nodeAt(root, names, names.size() - 1);
        if (parent == nullptr || childOf(*parent, names.back()) == nullptr) continue;
        if (parent->kind != YamlNode::Kind::Map) return {};  // those behind it would stand at other places
        std::erase_if(parent->members, [&](const YamlMember& member) { return member.key == names.back(); });
        return "/" + fmt::format("{}", fmt::join(names, "/"));
    }
    return {};
}

bool isWithin(std::string_view inner, std::string_view outer) {
    return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '/');
}

/// The type's next mistake; nothing where it has none that can be told here.
std::optional<ConnectorFault::Parts> nextMistake(const InstalledType& type, const YamlNode& given) {
    const auto json =
        settingsJson(type.schema, given, [](const SecretReference&) { return Result<std::string>("secret"); });
    if (!json) return std::nullopt;
    try {
        static_cast<void>(type.type->open(*json, {}));
    } catch (const ConnectorFault& fault) {
        if (fault.parts().code == "bad_setting" && fault.parts().where.starts_with('/')) return fault.parts();
    }
    return std::nullopt;
}

}  // namespace

std::vector<Refusal> judgeSettings(const InstalledType& type, const YamlNode& given, const std::string& file,
                                   const std::vector<UnfitSetting>& unfit) {
    std::vector<Refusal> mistakes;
    YamlNode original = given, left = given;
    std::set<std::string> met;
    std::vector<std::string> taken_out;
    for (const auto& [pointer, is_unknown] : unfit) {
        met.insert(pointer);
        if (makeGood(left, type.schema, namesOf(pointer))) continue;
        // An entry with a name of its own, such as the value of a mark: without it the type would speak of that.
        if (!is_unknown && schemaAt(type.schema, namesOf(pointer)) == nullptr) return mistakes;
        if (std::string out = leaveOut(left, namesOf(pointer)); !out.empty()) taken_out.push_back(std::move(out));
    }
    if (!unfit.empty() && !checkSettings(type.schema, left, file, given.line).empty()) return mistakes;
    for (int tried = 0; tried < kMostTries; ++tried) {
        const auto said = nextMistake(type, left);
        if (!said) break;
        const std::vector<std::string> names = namesOf(said->where);
        const YamlNode* const node = nodeAt(original, names, names.size());
        const YamlNode* const around = nodeAt(original, names, names.size() - 1);
        const std::string place(said->where.substr(0, said->where.rfind('/')));
        const bool is_new = met.insert(said->where).second;
        // A setting that is missing only because another one was taken out is no mistake of its own.
        const bool follows =
            std::any_of(taken_out.begin(), taken_out.end(),
                        [&](const std::string& out) {
                            return isWithin(said->where, out) || (node == nullptr && isWithin(out, place));
                        }) ||
            std::any_of(unfit.begin(), unfit.end(), [&](const UnfitSetting& one) {
                return isWithin(one.pointer, said->where) || isWithin(said->where, one.pointer);
            });
        if (is_new && !follows && (node == nullptr || !isSecret(*node))) {
            const int line = node != nullptr && node->line != 0 ? node->line
                             : around != nullptr                ? around->line
                                                                : given.line;
            mistakes.push_back({"bad_setting",
                                fmt::format("{}:{} {}", file, line, said->where),
                                {},
                                said->message,
                                said->next_step,
                                {}});
        }
        if (is_new && makeGood(left, type.schema, names)) continue;
        const std::string out = leaveOut(left, names);
        if (out.empty()) break;
        taken_out.push_back(out);
    }
    return mistakes;
}

}  // namespace caseway
