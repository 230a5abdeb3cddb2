// gateway/formats/xml/xpath_scan.hpp - what can be known of an XPath 1.0 expression without evaluating it: its names,
// whether it can leave the subtree of its context node, and whether it is a simple path, which a streaming pass can
// follow.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/result.hpp"

namespace caseway {

/// One child step of a simple path.
struct XPathStep {
    bool any = false;  ///< `*`
    std::string uri;   ///< of the prefix; empty: no namespace
    std::string local;
    std::uint32_t position = 0;  ///< `[n]`; 0: none
};

/// `/a/b`, `//b`, `a/p:b[2]/@c`, `.`, `a/text()`: child steps, perhaps an attribute or text() at the end.
struct SimpleXPath {
    enum class Leaf : std::uint8_t { Element, Attribute, Text };
    bool absolute = false;
    bool anywhere = false;  ///< begins with `//`
    std::vector<XPathStep> steps;
    Leaf leaf = Leaf::Element;
    std::string leaf_uri;  ///< of the attribute
    std::string leaf_local;
};

struct XPathScan {
    bool leaves_context = false;  ///< may see nodes outside its context node's subtree
    std::size_t least_depth = 0;  ///< how deep below the context node its nodes are at least; 0 where not known
    std::optional<SimpleXPath> simple;
    bool is_constant = false;   ///< nothing but numbers, literals and what counts with them: it looks at no document
    bool finds_values = false;  ///< some path of it ends at attributes or texts, which are no elements
    bool context_free = false;  ///< every path of it begins at the document: it yields the same at each node
    std::string costly;         ///< why it may take more than a few operations a node; empty where nothing shows
};

struct XPathError {
    std::string rule;
    std::string hint;
};

using XmlNamespaceMap = std::vector<std::pair<std::string, std::string>>;  ///< prefix, URI

/// The steps that one evaluation of an expression that compares sets of nodes may take, whatever its caller has left:
/// libxml2 compares node by node without counting, and the steps that make the sets bound their sizes.
constexpr std::uint64_t kMostComparingSteps = 30'000;
/// May compare a set of nodes with another: neither side of some comparison is surely a single value.
bool comparesSets(std::string_view expression);
/// Looks at the tokens only; syntax is libxml2's to judge (XPath::compile). `context_depth`: how deep the context node
/// surely lies below the subtree's root. Errors: a prefix that is not declared, an unknown function, a variable, the
/// namespace axis.
Result<XPathScan, XPathError> scanXPath(std::string_view expression, const XmlNamespaceMap& namespaces,
                                        std::size_t context_depth = 0);

}  // namespace caseway
