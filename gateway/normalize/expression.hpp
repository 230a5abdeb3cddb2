// gateway/normalize/expression.hpp - one expression of a mapping looked at when it loads: is it valid, does it stream,
// how far does it see. XPath 1.0 for XML; RFC 9535 for JSON, where `a.b`, `@.a.b` and `.a` are relative and `$.a` is
// the document's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/formats/jsonpath/jsonpath.hpp"
#include "gateway/formats/xml/xpath_scan.hpp"
#include "gateway/normalize/automaton.hpp"
#include "gateway/normalize/mapping.hpp"

namespace caseway {

struct SimplePath {
    enum class Leaf : std::uint8_t { Node, Attribute, Text };
    bool anywhere = false;
    std::vector<PathStep> steps;
    Leaf leaf = Leaf::Node;
    std::string leaf_uri;
    std::string leaf_name;
};

struct Expression {
    Evaluation evaluation = Evaluation::Streaming;
    std::optional<SimplePath> simple;  ///< Streaming
    std::string text;                  ///< as it will be evaluated
    std::string written;               ///< as the mapping has it
    std::optional<JsonPath> json;
    bool selects = true;  ///< nodes; else it computes a text, a number or a truth value
    bool on_document = false;
    bool context_free = false;
    std::string costly;           ///< why, where it is so by construction
    std::string pointer;          ///< JSON: below the context, where the path is names and indexes only
    std::size_t least_depth = 0;  ///< of its nodes below the context
};

/// `depth`: how deep the context surely lies below the record. Error: rule and hint.
Result<Expression, XPathError> readExpression(SourceFormat format, const std::string& text,
                                              const XmlNamespaceMap& namespaces, std::size_t depth);
/// An expression that selects records, from the document. Empty: the root element, the whole JSON value.
Result<Expression, XPathError> readRecords(SourceFormat format, const std::string& text,
                                           const XmlNamespaceMap& namespaces);

}  // namespace caseway
