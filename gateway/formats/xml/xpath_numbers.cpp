// gateway/formats/xml/xpath_numbers.cpp - a number's text, and arguments turned into texts before a function of
// libxml2's sees them.
#include "gateway/formats/xml/xpath_numbers.hpp"

#include <libxml/xpathInternals.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "gateway/base/check.hpp"

namespace caseway {
namespace {

constexpr int kSignificant = 15;
constexpr std::size_t kLongest = 700;  ///< a double has up to 309 digits before the point; 323 zeros may follow it

}  // namespace

std::string xpathNumberText(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
    if (value == 0) return "0";
    std::array<char, kLongest> digits{};
    char* const end = digits.data() + digits.size();
    if (std::trunc(value) == value)
        return {digits.data(), std::to_chars(digits.data(), end, value, std::chars_format::fixed).ptr};
    const int before = static_cast<int>(std::floor(std::log10(std::abs(value)))) + 1;
    const auto written =
        std::to_chars(digits.data(), end, value, std::chars_format::fixed, std::max(kSignificant - before, 0));
    CASEWAY_CHECK(written.ec == std::errc{});
    std::string text(digits.data(), written.ptr);
    if (text.find('.') == std::string::npos) return text;
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

void numbersToTexts(xmlXPathParserContext* context, int arguments, int count) {
    if (context == nullptr || arguments > context->valueNr) return;
    for (int i = 0; i < std::min(count, arguments); ++i) {
        xmlXPathObject*& value = context->valueTab[context->valueNr - arguments + i];
        if (value == nullptr || value->type != XPATH_NUMBER) continue;
        xmlXPathObject* text = xmlXPathNewCString(xpathNumberText(value->floatval).c_str());
        if (text == nullptr) return;
        if (context->value == value) context->value = text;
        xmlXPathFreeObject(std::exchange(value, text));
    }
}

}  // namespace caseway
