// gateway/formats/yaml/yaml_tree.hpp - a YAML file as a small tree of texts with their lines, on yaml-cpp's events.
// Every scalar stays as written (01, on, 1.0 are texts); anchors, aliases, tags, duplicate keys and a second document
// are mistakes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace caseway {

struct YamlMember;

struct YamlNode {
    enum class Kind { Null, Text, List, Map };
    Kind kind = Kind::Null;
    int line = 0;
    bool quoted = false;  ///< a text that stands in quotes, or as a block
    std::string text{};
    std::vector<YamlNode> items{};
    std::vector<YamlMember> members;

    YamlNode* find(std::string_view key);
    const YamlNode* find(std::string_view key) const;
};

struct YamlMember {
    std::string key;
    int line = 0;
    YamlNode value;
};

struct YamlMistake {
    int line = 0;
    std::string rule;
    std::string hint;
};

struct YamlFile {
    YamlNode root;
    bool cut = false;  ///< not YAML from some line on: the tree holds what was complete before it
};

/// What a key, or a text where keys belong, shows of signs that look like others: a colon that is full-width or has no
/// space behind it, a blank before it that is none. Empty where nothing shows.
std::string_view hintOfLookAlike(std::string_view key);
/// Up to such a colon: what stands behind it is a value, and may be a secret.
std::string_view nameBeforeLookAlike(std::string_view key);

/// `yaml` with a plain colon where a key's is full-width, each on the line where it was; `lines`: these.
std::string withPlainColons(std::string_view yaml, std::vector<int>& lines);

/// Reads one document; what could be read stands in the tree even where there are mistakes.
YamlFile readYaml(std::string_view yaml, std::vector<YamlMistake>& mistakes);

}  // namespace caseway
