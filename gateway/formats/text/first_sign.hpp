// gateway/formats/text/first_sign.hpp - where a document's text begins, by which its form is guessed.
#pragma once

#include <algorithm>
#include <string_view>

namespace caseway {

/// Without the byte order mark of UTF-8 and the white space before the first sign.
inline std::string_view fromFirstSign(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    return text.substr(std::min(text.size(), text.find_first_not_of(" \t\r\n")));
}

}  // namespace caseway
