// gateway/formats/xml/xpath_rewrite.hpp - an expression written so that libxml2 looks at no order of its own where that
// is wrong (xpath_order.hpp), and joins no sets by comparing each node with each. For sources of this folder only.
#pragma once

#include <string>
#include <vector>

#include "gateway/formats/xml/xpath_tokens.hpp"

namespace caseway {

inline constexpr const char* kOrderFunction = "in-document-order";

/// libxml2 reads such an expression as a pattern, in one walk that finds each node once.
bool isXPathPattern(const std::vector<XPathToken>& tokens);
/// The same expression, where what libxml2 sorts inside of it may hold texts among others: a set in parentheses that a
/// predicate counts goes through kOrderFunction, one that is calculated with through number(). Everywhere else libxml2
/// looks at no order, or our functions stand before its own. Unions are calls of kOrderFunction. And `.//.` so that it
/// holds the node itself. `expression` is valid.
std::string withOrder(const std::string& expression);
/// The same expression with `/./` for each `/` that begins a path with a name that is not ASCII: behind such a slash
/// libxml2 looks for an ASCII letter, and takes the slash for the whole path.
std::string withRootsNamed(const std::string& expression);

}  // namespace caseway
