// gateway/cli/parser_words.hpp - what the parser of the command line (CLI11) says of a mistake, in Chinese: its own
// words are English, and beside ours they would make a line of two languages.
#pragma once

#include <string>
#include <string_view>

namespace caseway {

/// "--limit 的值 0 不在 1 至 1000 之内" of "--limit: Value 0 not in range 1 to 1000". Of words that are not known the
/// option alone: "--limit 有误".
std::string mistakeInChinese(std::string_view text);

}  // namespace caseway
