// gateway/formats/xml/xpath_numbers.hpp - numbers as texts by XPath 1.0 §4.2. libxml2 writes 2147483648 as 2.14748e+09,
// which the standard forbids and which loses an amount's digits; so its conversions are replaced. For this folder
// only.
#pragma once

#include <libxml/xpath.h>

#include <string>

namespace caseway {

/// "NaN", "Infinity", an integer with all its digits, else a decimal of at most 15 significant digits (what libxml2
/// gives, so that 0.1 + 0.2 is 0.3); never an exponent, never -0.
std::string xpathNumberText(double value);

/// Writes the numbers among the `arguments` of a function, the first `count` of them, as texts in this way.
void numbersToTexts(xmlXPathParserContext* context, int arguments, int count);

}  // namespace caseway
