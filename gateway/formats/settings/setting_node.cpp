// gateway/formats/settings/setting_node.cpp - from JSON Schema to the tree.
#include "gateway/formats/settings/setting_node.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

constexpr std::size_t kSchemaBytesMax = 256 * 1024;
constexpr int kSchemaDepthMax = 16;
constexpr std::size_t kSchemaNodesMax = 2000;

using Type = JsonValue::Type;
using Bad = std::optional<Refusal>;

/// JSON as the YAML that it also is.
YamlNode yamlOf(const JsonValue& value) {
    YamlNode node;
    switch (value.type) {
        case Type::Null:
            break;
        case Type::False:
        case Type::True:
            node.kind = YamlNode::Kind::Text;
            node.text = value.type == Type::True ? "true" : "false";
            break;
        case Type::Number:
        case Type::String:
            node.kind = YamlNode::Kind::Text;
            node.text = value.text;
            node.quoted = value.type == Type::String;
            break;
        case Type::Array:
            node.kind = YamlNode::Kind::List;
            for (std::uint32_t i = 0; i < value.count; ++i) node.items.push_back(yamlOf(value.items[i]));
            break;
        case Type::Object:
            node.kind = YamlNode::Kind::Map;
            for (std::uint32_t i = 0; i < value.count; ++i)
                node.members.push_back({std::string(value.members[i].name), 0, yamlOf(value.members[i].value)});
            break;
    }
    return node;
}

class SchemaReader {
public:
    explicit SchemaReader(const JsonValue& root) : root_(root) {}
    Bad read(const JsonValue& json, const std::string& pointer, int depth, SettingNode& node);

private:
    static Refusal bad(const std::string& pointer, std::string rule) {
        return {"settings_schema_bad", pointer, {}, std::move(rule), "the connector's author corrects its schema", {}};
    }
    Bad readWord(std::string_view word, const JsonValue& json, const std::string& pointer, int depth,
                 SettingNode& node);
    Bad readType(const JsonValue& json, const std::string& pointer, SettingNode& node);
    Bad readBound(std::string_view word, const JsonValue& json, const std::string& pointer, SettingNode& node);
    Bad readMembers(const JsonValue& json, const std::string& pointer, int depth, SettingNode& node);
    Bad readAlternatives(const JsonValue& json, const std::string& pointer, int depth, std::vector<SettingNode>& list);
    Bad readFlag(const JsonValue& json, const std::string& pointer, bool& flag);

    const JsonValue& root_;
    std::size_t nodes_ = 0;
};

Bad SchemaReader::readType(const JsonValue& json, const std::string& pointer, SettingNode& node) {
    constexpr std::array<std::pair<std::string_view, SettingType>, 6> kTypes{{{"string", SettingType::Text},
                                                                              {"integer", SettingType::Integer},
                                                                              {"number", SettingType::Number},
                                                                              {"boolean", SettingType::Boolean},
                                                                              {"array", SettingType::List},
                                                                              {"object", SettingType::Object}}};
    for (const auto& [name, type] : kTypes) {
        if (json.type != Type::String || json.text != name) continue;
        node.type = type;
        return std::nullopt;
    }
    return bad(pointer, "one of string, integer, number, boolean, array, object");
}

Bad SchemaReader::readBound(std::string_view word, const JsonValue& json, const std::string& pointer,
                            SettingNode& node) {
    double number = 0;
    const char* const end = json.text.data() + json.text.size();
    if (json.type != Type::Number || std::from_chars(json.text.data(), end, number).ptr != end)
        return bad(pointer, "a number");
    const bool is_least = word.starts_with("min");
    if (word == "minimum" || word == "maximum") {
        (is_least ? node.minimum : node.maximum) = number;
        return std::nullopt;
    }
    if (number < 0 || number > 1e9) return bad(pointer, "a count");
    (is_least ? node.min_length : node.max_length) = static_cast<std::size_t>(number);
    return std::nullopt;
}

Bad SchemaReader::readMembers(const JsonValue& json, const std::string& pointer, int depth, SettingNode& node) {
    if (json.type != Type::Object) return bad(pointer, "an object");
    for (std::uint32_t i = 0; i < json.count; ++i) {
        std::string inner = pointer;
        appendPointerToken(json.members[i].name, inner);
        SettingMember& member = node.members.emplace_back();
        member.name = json.members[i].name;
        if (auto refusal = read(json.members[i].value, inner, depth + 1, member.node)) return refusal;
    }
    return std::nullopt;
}

Bad SchemaReader::readAlternatives(const JsonValue& json, const std::string& pointer, int depth,
                                   std::vector<SettingNode>& list) {
    if (json.type != Type::Array || json.count == 0) return bad(pointer, "a list of schemas");
    for (std::uint32_t i = 0; i < json.count; ++i)
        if (auto refusal = read(json.items[i], fmt::format("{}/{}", pointer, i), depth + 1, list.emplace_back()))
            return refusal;
    return std::nullopt;
}

Bad SchemaReader::readFlag(const JsonValue& json, const std::string& pointer, bool& flag) {
    if (json.type != Type::True && json.type != Type::False) return bad(pointer, "true or false");
    flag = json.type == Type::True;
    return std::nullopt;
}

Bad SchemaReader::readWord(std::string_view word, const JsonValue& json, const std::string& pointer, int depth,
                           SettingNode& node) {
    if (word == "type") return readType(json, pointer, node);
    if (word == "properties") return readMembers(json, pointer, depth, node);
    if (word == "items") return read(json, pointer, depth + 1, node.items.emplace_back());
    if (word == "oneOf" || word == "anyOf") return readAlternatives(json, pointer, depth, node.one_of);
    if (word == "allOf") return readAlternatives(json, pointer, depth, node.all_of);
    if (word == "exclusiveMinimum") return readFlag(json, pointer, node.is_above);
    if (word == "exclusiveMaximum") return readFlag(json, pointer, node.is_below);
    if (word == "uniqueItems") return readFlag(json, pointer, node.is_unique);
    for (const std::string_view bound : {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"})
        if (word == bound) return readBound(word, json, pointer, node);
    if (word == "additionalProperties") {
        if (json.type == Type::Object) return read(json, pointer, depth + 1, node.items.emplace_back());
        bool may_have = false;
        if (auto refusal = readFlag(json, pointer, may_have)) return refusal;
        node.is_closed = !may_have;
        return std::nullopt;
    }
    if (word == "default") {
        node.fallback = yamlOf(json);
    } else if (word == "required" || word == "enum" || word == "examples") {
        if (json.type != Type::Array) return bad(pointer, "a list");
        for (std::uint32_t i = 0; i < json.count; ++i) {
            YamlNode value = yamlOf(json.items[i]);
            if (word == "examples")
                node.examples.push_back(std::move(value));
            else
                (word == "enum" ? node.choices : node.required).push_back(std::move(value.text));
        }
    } else if (word == "title" || word == "description" || word == "format" || word == "pattern") {
        if (json.type != Type::String) return bad(pointer, "a text");
        if (word == "title") node.title = json.text;
        if (word == "description") node.description = json.text;
        if (word == "format" && json.text == "secret") node.is_secret = true;
        if (word == "pattern") {
            node.pattern = json.text;
            if (!re2::RE2(node.pattern, re2::RE2::Quiet).ok()) return bad(pointer, "a pattern that RE2 takes");
        }
    } else if (word != "$schema" && word != "id" && word != "definitions") {
        return bad(pointer, "this word is not understood here");
    }
    return std::nullopt;
}

Bad SchemaReader::read(const JsonValue& json, const std::string& pointer, int depth, SettingNode& node) {
    if (json.type != Type::Object) return bad(pointer, "a schema is an object");
    if (depth > kSchemaDepthMax || ++nodes_ > kSchemaNodesMax) return bad(pointer, "too large, or refers to itself");
    if (const JsonValue* const reference = json.find("$ref")) {
        const JsonValue* const definitions = root_.find("definitions");
        constexpr std::string_view kPlace = "#/definitions/";
        const JsonValue* const target = reference->type == Type::String && reference->text.starts_with(kPlace) &&
                                                definitions != nullptr && definitions->type == Type::Object
                                            ? definitions->find(reference->text.substr(kPlace.size()))
                                            : nullptr;
        if (target == nullptr) return bad(pointer + "/$ref", "names something below #/definitions/");
        return read(*target, pointer, depth + 1, node);
    }
    const bool says_names = json.find("additionalProperties") != nullptr;
    for (std::uint32_t i = 0; i < json.count; ++i) {
        std::string inner = pointer;
        appendPointerToken(json.members[i].name, inner);
        if (auto refusal = readWord(json.members[i].name, json.members[i].value, inner, depth, node)) return refusal;
    }
    if (node.type == SettingType::Any && (!node.members.empty() || !node.required.empty()))
        node.type = SettingType::Object;
    // A name that nobody knows is a typing mistake, where the schema does not say otherwise.
    if (!says_names && !node.members.empty()) node.is_closed = true;
    return std::nullopt;
}

}  // namespace

std::string_view nameOf(SettingType type) {
    switch (type) {
        case SettingType::Any:
            return "any value";
        case SettingType::Text:
            return "a text";
        case SettingType::Integer:
            return "a whole number";
        case SettingType::Number:
            return "a number";
        case SettingType::Boolean:
            return "true or false";
        case SettingType::List:
            return "a list";
        case SettingType::Object:
            return "names and values";
    }
    return "";
}

const SettingNode* SettingNode::find(std::string_view name) const {
    const auto found =
        std::find_if(members.begin(), members.end(), [&](const SettingMember& member) { return member.name == name; });
    return found == members.end() ? nullptr : &found->node;
}

Result<SettingNode> readSettingsSchema(std::string_view json) {
    if (json.size() > kSchemaBytesMax)
        return Refusal{"settings_schema_bad", "", {}, "at most 256 KiB", "the connector's author shortens its schema"};
    JsonTree tree;
    const auto root = parseJson(json, JsonLimits{.depth = 64}, tree);
    if (!root)
        return Refusal{"settings_schema_bad",
                       root.error().where,
                       {},
                       root.error().rule,
                       "the connector's author corrects its schema"};
    SettingNode node;
    if (auto refusal = SchemaReader(**root).read(**root, "", 0, node)) return std::move(*refusal);
    if (node.type != SettingType::Object)
        return Refusal{"settings_schema_bad",
                       "/type",
                       {},
                       "the settings are one object",
                       "the connector's author writes \"type\":\"object\""};
    return node;
}

}  // namespace caseway
