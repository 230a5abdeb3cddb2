// gateway/formats/text/said_text.hpp - what a source or a plug-in said, as our rows, log lines, reports and terminals
// can hold it: the one place where such texts are bounded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace caseway {

/// Of a name, a message or a next step.
inline constexpr std::size_t kSaidBytes = 1000;

/// Control characters but line feed and tab, marks that turn the direction of what follows, line separators: they make
/// a reader see what is not there, on a page and on a terminal.
bool isUnfitToShow(char32_t c);

/// On one line, in UTF-8, of at most `most` bytes in whole characters: control characters become spaces, what else is
/// unfit to show, and each byte that is no UTF-8, becomes `?`; `…` where it was cut.
std::string saidText(std::string_view text, std::size_t most = kSaidBytes);

/// As it is, on its lines: what is unfit to show, and each byte that is no UTF-8, becomes `?`.
std::string shownText(std::string_view text);

/// The same on one line: line feeds and tabs are `?` too.
std::string shownLine(std::string_view text);

}  // namespace caseway
