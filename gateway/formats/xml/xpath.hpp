// gateway/formats/xml/xpath.hpp - XPath 1.0, all of it, on libxml2: compiled once into a set, evaluated on nodes of any
// document.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/formats/xml/document.hpp"
#include "gateway/formats/xml/xpath_scan.hpp"

namespace caseway {

/// What an expression yields.
struct XPathValue {
    enum class Kind { Nodes, Boolean, Other } kind = Kind::Nodes;
    bool boolean = false;                 ///< boolean() of the value
    std::string text;                     ///< string() of the value: of the first node in document order
    std::vector<const XmlNode*> nodes{};  ///< in document order
};

/// Compiled expressions with one reusable context. Not for two threads at once.
class XPathSet {
public:
    explicit XPathSet(XmlNamespaceMap namespaces);
    ~XPathSet();
    XPathSet(XPathSet&&) noexcept;

    /// Compiles; returns the expression's number. Names are scanXPath's to check.
    Result<std::size_t, XPathError> add(const std::string& expression);
    /// `node` belongs to `document`. Takes what it costs from `operations_left`. False: that did not suffice, or
    /// kMostComparingSteps did not, or a type error (e.g. count of a string).
    bool evaluate(std::size_t expression, const XmlDocument& document, const XmlNode& node, XPathValue& value,
                  std::uint64_t& operations_left);
    /// The context node is the document itself.
    bool evaluateFromDocument(std::size_t expression, const XmlDocument& document, XPathValue& value,
                              std::uint64_t& operations_left);

private:
    struct Set;
    std::unique_ptr<Set> set_;
};

/// Notes the order of the elements in a tree that is complete. Without it the order of two nodes is found by walking
/// between them, and sorting the siblings before a node takes their number squared.
void numberNodes(const XmlDocument& document);
/// string() of a node, appended.
void appendText(const XmlNode& node, std::string& out);
bool isElement(const XmlNode& node);
/// Line of the element, or of the one that holds the node, 1-based: where its start tag ends. 0 where not known.
std::uint64_t lineOf(const XmlNode& node);

}  // namespace caseway
