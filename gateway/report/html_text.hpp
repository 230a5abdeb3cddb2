// gateway/report/html_text.hpp - any bytes as text of an HTML page or of an attribute in quotes.
#pragma once

#include <string>
#include <string_view>

namespace caseway {

/// Escapes & < > " ' and backtick; control characters and those that turn the direction of writing become U+FFFD, and
/// so does what is no UTF-8.
std::string escapedHtml(std::string_view text);

}  // namespace caseway
