// gateway/formats/xml/xpath_cost.hpp - what the tokens of an XPath 1.0 expression tell of its cost: whether it must be
// evaluated at each record, and whether it is costly by construction. For sources of this folder only.
#pragma once

#include <string>
#include <vector>

#include "gateway/formats/xml/xpath_tokens.hpp"

namespace caseway {

bool isContextFree(const std::vector<XPathToken>& tokens);
/// Empty where nothing shows.
std::string whyCostly(const std::vector<XPathToken>& tokens);
/// Behind comparesSets() of xpath_scan.hpp.
bool comparesSets(const std::vector<XPathToken>& tokens);

}  // namespace caseway
