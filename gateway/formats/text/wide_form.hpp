// gateway/formats/text/wide_form.hpp - UTF-16 and UTF-32 without a byte order mark, told by the zero bytes around a
// first character of ASCII, with which XML and JSON begin. Source: RFC 4627 section 3.
#pragma once

#include <string_view>

#include "gateway/base/refusal.hpp"

namespace caseway {

/// "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"; empty where the first bytes, of which four are looked at, show none.
std::string_view wideForm(std::string_view first_bytes);

/// The refusal of such a text where UTF-8 is asked for and nothing declares it.
Refusal wideText(std::string_view form);

}  // namespace caseway
