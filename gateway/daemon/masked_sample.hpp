// gateway/daemon/masked_sample.hpp - how a document that nobody gave a reason to see is shown: its form, the names of
// its members or elements, and of its values what can be nobody's name or number.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "gateway/formats/yaml/yaml_tree.hpp"
#include "gateway/normalize/mapping_spec.hpp"

namespace caseway {

/// Names of members and elements that somebody of this side wrote: they are nobody's, and a document shows them.
using WrittenNames = std::set<std::string, std::less<>>;

/// The names in the paths of a connector's settings, such as 数据 and 总数 of `$.数据.总数`. References to secrets have
/// none.
void addNamesOf(const YamlNode& settings, WrittenNames& names);
/// The names in the expressions of a mapping: of its records, its fields and its conditions.
void addNamesOf(const MappingSpec& mapping, WrittenNames& names);

/// `text`: the beginning of a document, UTF-8: XML where it begins with '<', else JSON or anything. Values are shown
/// where they are short codes (shownKind); one that is cut off is masked. `written`: names that are shown as they are.
std::string maskedSample(std::string_view text, const WrittenNames& written = {});

}  // namespace caseway
