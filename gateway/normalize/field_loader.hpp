// gateway/normalize/field_loader.hpp - the `fields` of a mapping: names, expressions and what stands around them, from
// the YAML tree. The file as a whole: mapping_loader.cpp.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/normalize/mapping_spec.hpp"
#include "gateway/normalize/yaml_tree.hpp"

namespace caseway {

using CodePairs = std::vector<std::pair<std::string, std::string>>;

/// Collects mistakes while the tree is read.
class LoadContext {
public:
    explicit LoadContext(std::string file) : file_(std::move(file)) {}
    void mistake(int line, std::string where, std::string rule, std::string hint);
    std::vector<MappingMistake>& mistakes() { return mistakes_; }
    const std::string& file() const { return file_; }

    /// A text that is not empty; nothing (and a mistake) for anything else.
    std::optional<std::string> text(const YamlNode& node, const std::string& where);
    /// One text or a list of them; empty texts are kept.
    std::vector<std::string> texts(const YamlNode& node, const std::string& where);
    bool flag(const YamlNode& node, const std::string& where);
    /// Mistakes for the keys of a map that are not among `known`; false where the node is no map.
    bool isMapOf(const YamlNode& node, const std::string& where, const std::vector<std::string_view>& known);

    std::map<std::string, CodePairs> code_tables;

private:
    std::string file_;
    std::vector<MappingMistake> mistakes_;
};

/// {code: value, …}; null as a value says nothing.
CodePairs loadCodes(const YamlNode& node, const std::string& where, LoadContext& context);
std::optional<ConditionSpec> loadCondition(const YamlNode& node, const std::string& where, LoadContext& context);
/// Adds the fields and lists of one `fields` map to `kind`; a field that stands there already is replaced.
void loadFields(const YamlNode& node, const std::string& where, LoadContext& context, KindSpec& kind);
/// Names of all fields outside lists, of the lists, and "extra.": for hints.
std::vector<std::string_view> knownFieldNames();

}  // namespace caseway
