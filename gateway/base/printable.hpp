// gateway/base/printable.hpp - what a stranger wrote, for a terminal: nothing moves the cursor, changes colours or
// titles, or reaches the clipboard.
#pragma once

#include <string>
#include <string_view>

namespace caseway {

/// Control characters, C0 and C1 (as UTF-8 or as single bytes), are '?'; line feeds and tabs stay.
std::string printable(std::string_view text);

/// The same on one line: line feeds and tabs are '?' too.
std::string printableLine(std::string_view text);

}  // namespace caseway
