// gateway/base/mask.hpp - personal data made unreadable where an error or a log line is built.
#pragma once

#include <string>
#include <string_view>

namespace caseway {

/// Keeps the first and the last character (UTF-8) of `value` and says how long it was: "1***X (18)". One to three
/// characters keep none: "*** (2)". Characters that control or that nobody sees
/// (zero width, direction) never pass.
std::string masked(std::string_view value);

/// A text that holds names a stranger chose, the others as they are: each word of letters, digits, '_', '-' and '.'
/// with six digits in a row (an id or telephone number) or a character outside ASCII (a person's name) is masked.
std::string withNamesMasked(std::string_view text);

}  // namespace caseway
