// gateway/formats/envelope/xml_nodes.hpp - small questions to libxml2 nodes, strict: what is not asked for is not
// there. For sources of this folder only.
#pragma once

#include <libxml/tree.h>

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caseway {

inline std::string_view viewOf(const xmlChar* text) {
    return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

bool isElement(const xmlNode* node, std::string_view name, std::string_view name_space);
inline bool hasNamespace(const xmlNode* node, std::string_view name_space) {
    return node->ns != nullptr && viewOf(node->ns->href) == name_space;
}
bool isXmlSpace(std::string_view text);

enum class Comments { Allowed, Refused };
/// The child elements in order; nothing where anything but elements and white space (and comments, where allowed)
/// stands there.
std::optional<std::vector<xmlNode*>> childElements(const xmlNode* node, Comments comments);
/// True where nothing but text (and CDATA and comments, where allowed) stands below.
bool isTextOnly(const xmlNode* node, Comments comments);
/// True where the node bears exactly these attributes, none of them in a namespace.
bool hasExactlyAttributes(const xmlNode* node, std::initializer_list<std::string_view> names);
/// The node behind `node` in the order of the document, its children first where `descends`; nullptr behind the last.
/// `depth` goes along: 1 for the document's own children.
const xmlNode* nextNode(const xmlNode* node, bool descends, std::size_t& depth);
/// The most that the depths of all nodes may add up to: a namespace is looked up to the root. 10 MiB of usual records
/// come to about 5 million.
inline constexpr std::size_t kClimbMax = 12'000'000;
/// The value of an attribute without namespace; nothing where it is absent.
std::optional<std::string> attributeOf(const xmlNode* node, std::string_view name);

}  // namespace caseway
