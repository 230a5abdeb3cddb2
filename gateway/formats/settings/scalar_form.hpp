// gateway/formats/settings/scalar_form.hpp - which texts are numbers of JSON.
#pragma once

#include <string_view>

namespace caseway {

/// -?[0-9]+ without leading zeros, at most 18 digits.
bool isWholeNumber(std::string_view text);
/// RFC 8259 §6, at most 40 characters.
bool isJsonNumber(std::string_view text);

}  // namespace caseway
