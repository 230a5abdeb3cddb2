// gateway/formats/settings/setting_node.hpp - what a connector's settings may be: its JSON Schema, read once into a
// tree of plain values. The words that are understood: docs/connectors/README.md, "Settings". No $ref to other
// documents.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/formats/yaml/yaml_tree.hpp"

namespace caseway {

enum class SettingType { Any, Text, Integer, Number, Boolean, List, Object };
/// "a text", "a whole number", …
std::string_view nameOf(SettingType type);

struct SettingMember;

struct SettingNode {
    SettingType type = SettingType::Any;
    bool is_secret = false;  ///< "format":"secret": the value is a reference, never the secret
    std::string title{}, description{}, pattern{};
    std::vector<std::string> choices{};  ///< of "enum", as texts
    std::optional<YamlNode> fallback{};  ///< "default"
    std::vector<YamlNode> examples{};
    std::optional<double> minimum{}, maximum{};
    std::optional<std::size_t> min_length{}, max_length{};  ///< characters; of a list: items
    bool is_above = false, is_below = false;                ///< exclusiveMinimum, exclusiveMaximum
    bool is_unique = false;                                 ///< a list: no text twice
    bool is_closed = false;                                 ///< an object: no other names than its members'
    std::vector<SettingMember> members;
    std::vector<std::string> required{};
    std::vector<SettingNode> items{};   ///< of a list, one; of an object with further names, the schema of those
    std::vector<SettingNode> one_of{};  ///< at least one of them fits; also of "anyOf"
    std::vector<SettingNode> all_of{};

    const SettingNode* find(std::string_view name) const;
};
struct SettingMember {
    std::string name;
    SettingNode node;
};

/// A schema as ConnectorSpec has it. Refusal: settings_schema_bad, the mistake of the connector's author: no JSON, no
/// object at the top, an unknown word, a default that does not fit. `where`: a JSON pointer into the schema.
Result<SettingNode> readSettingsSchema(std::string_view json);

}  // namespace caseway
