// gateway/base/mask_numbers.hpp - mask.hpp for names of systems that nobody has signed for yet.
#pragma once

#include <string>
#include <string_view>

namespace caseway {

/// Each word with eleven digits in a row (a telephone number) or more, or with a character outside ASCII, is masked. A
/// district's code, of six digits, is no secret, and says who is meant.
std::string withNumbersMasked(std::string_view text);

}  // namespace caseway
