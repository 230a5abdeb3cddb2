// gateway/report/html_text.hpp - any bytes as text of an HTML page or of an attribute in quotes.
#pragma once

#include <string>
#include <string_view>

namespace caseway {

/// Control characters but line feed and tab, marks that turn the direction of what follows, line separators: they make
/// a reader see what is not there, on a page and on a terminal.
bool isUnfitToShow(char32_t c);

/// Escapes & < > " ' and backtick; control characters and those that turn the direction of writing become U+FFFD, and
/// so does what is no UTF-8.
std::string escapedHtml(std::string_view text);

}  // namespace caseway
