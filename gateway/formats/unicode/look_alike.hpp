// gateway/formats/unicode/look_alike.hpp - texts that look like others: characters that nobody sees, and letters of one
// script that pass for another's. On ICU. Source: UTS #39 (confusables), UAX #15 (NFKC_Casefold).
#pragma once

#include <string_view>

namespace caseway {

/// Does UTF-8 `text` hold a character that is not seen or that moves others: controls, format and direction characters,
/// zero-width ones, line separators, white space other than U+0020, fillers, noncharacters? Callable concurrently.
bool hasInvisible(std::string_view text);

/// Does `text` begin with what a reader would take for `prefix` (ASCII): full-width, Cyrillic or Greek letters, other
/// dashes, letters of another case, invisible characters in between? Callable concurrently.
bool looksLikePrefix(std::string_view text, std::string_view prefix);

}  // namespace caseway
