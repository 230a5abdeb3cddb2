// gateway/formats/xml/xpath_ends.hpp - what the steps of an XPath 1.0 expression lead to, as far as its tokens tell.
// For sources of this folder only.
#pragma once

#include <vector>

#include "gateway/formats/xml/xpath_tokens.hpp"

namespace caseway {

/// Some path of it ends at attributes or texts, whatever the payload.
bool endsAtValues(const std::vector<XPathToken>& tokens);
/// Somewhere `following::` begins at attributes: libxml2 leaves out what stands inside the attribute's own element.
bool followsAttribute(const std::vector<XPathToken>& tokens);

}  // namespace caseway
