// gateway/normalize/white_space.hpp - what departments put around their values: ASCII white space, U+3000, U+00A0,
// U+200B, U+FEFF.
#pragma once

#include <string_view>

namespace caseway {

/// `text` (UTF-8) without white space at both ends; a view into `text`.
std::string_view trimmed(std::string_view text);

}  // namespace caseway
