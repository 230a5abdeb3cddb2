// gateway/formats/jsonpath/compare.hpp - equality and order of JSON values as filters know them. Private to this
// folder. Numbers compare by their exact decimal value: 1 equals 1.0 and 1e0, and no digit is lost. Source: RFC 9535
// §2.3.5.2.2.
#pragma once

#include <compare>
#include <cstddef>
#include <string_view>

#include "gateway/formats/json/document.hpp"

namespace caseway {

/// Both are JSON number literals.
std::strong_ordering compareNumbers(std::string_view a, std::string_view b);

/// Deep equality. `work_left` goes down by the values and members looked at; at 0 the answer is false and means
/// nothing.
bool areEqual(const JsonValue& a, const JsonValue& b, std::size_t& work_left);

/// Only two numbers or two strings have an order; false for all else.
bool isLess(const JsonValue& a, const JsonValue& b);

}  // namespace caseway
