// gateway/formats/xml/plain_text.hpp - character data of XML that says what it says: nothing in it is for a parser to
// judge or to change. Rules: XML 1.0, 2.2, 2.4 and 2.11. For sources of this folder only.
#pragma once

#include <cstddef>
#include <string_view>

namespace caseway {

inline constexpr std::size_t kNotPlain = std::string_view::npos;

/// Bytes before the first '<' of `ahead`, which is UTF-8, where they are characters of XML that stand for themselves:
/// no reference, no line end or other control character, no ']' (it may begin "]]>"). Else, or without a '<',
/// kNotPlain.
std::size_t plainTextBefore(std::string_view ahead);

}  // namespace caseway
