// gateway/normalize/field_loader.hpp - the `fields` of a mapping: names, expressions and what stands around them, from
// the YAML tree. The file as a whole: mapping_loader.cpp.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/formats/yaml/yaml_tree.hpp"
#include "gateway/normalize/mapping_spec.hpp"

namespace caseway {

using CodePairs = std::vector<std::pair<std::string, std::string>>;

/// Collects mistakes while the tree is read. A mistyped name is told, then read as the one that was probably meant, so
/// that what stands below it is looked at too and nothing that follows from it is told as a mistake of its own.
class LoadContext {
public:
    explicit LoadContext(std::string file) : file_(std::move(file)) {}
    /// The file broke off: what is not there may stand in the rest.
    void cut() { cut_ = true; }
    bool isCut() const { return cut_; }
    void mistake(int line, std::string where, std::string rule, std::string hint);
    std::vector<MappingMistake>& mistakes() { return mistakes_; }
    const std::string& file() const { return file_; }

    /// A text that is not empty; nothing (and a mistake) for anything else.
    std::optional<std::string> text(const YamlNode& node, const std::string& where);
    /// One text or a list of them; empty texts are kept.
    std::vector<std::string> texts(const YamlNode& node, const std::string& where);
    bool flag(const YamlNode& node, const std::string& where);
    /// Mistakes for the keys of a map that are not among `known`, which then bear the name that was probably meant;
    /// false where the node is no map.
    bool isMapOf(YamlNode& node, const std::string& where, const std::vector<std::string_view>& known);
    /// Does the map lack a key that must stand in it?
    bool lacks(YamlNode& map, std::string_view key) const { return !cut_ && map.find(key) == nullptr; }
    /// A map with nothing in it, or no map.
    bool isEmptyMap(const YamlNode& node) const { return node.kind != YamlNode::Kind::Map || node.members.empty(); }

    std::map<std::string, CodePairs> code_tables;
    std::vector<std::string> empty_values;  ///< of fields that say nothing of their own, as no_date
    std::vector<std::string> no_date;

private:
    std::string file_;
    std::vector<MappingMistake> mistakes_;
    bool cut_ = false;
};

/// Gives a mistyped key the name among `known` that it is near to, unless that one stands in the map already.
void rename(YamlNode& map, YamlMember& member, const std::vector<std::string_view>& known);
/// Where a part stands, and the lines of its keys.
SpecPlace placeOf(const YamlNode& node, const std::string& where);

/// {code: value, …}; null as a value says nothing.
CodePairs loadCodes(const YamlNode& node, const std::string& where, LoadContext& context);
std::optional<ConditionSpec> loadCondition(YamlNode& node, const std::string& where, LoadContext& context);
/// Adds the fields and lists of one `fields` map to `kind`; a field that stands there already is replaced.
void loadFields(YamlNode& node, const std::string& where, LoadContext& context, KindSpec& kind);
/// Names of all fields outside lists, of the lists, and "extra.": for hints.
std::vector<std::string_view> knownFieldNames();

}  // namespace caseway
