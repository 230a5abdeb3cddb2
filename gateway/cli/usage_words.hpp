// gateway/cli/usage_words.hpp - what options and commands are for, in English beside Chinese. Sources name the English
// text alone, where the option is; the test `help_in_chinese` tells which has no Chinese beside it.
#pragma once

#include <string>
#include <string_view>

namespace caseway {

/// Of an option. `description`: as `--help` has it in English; itself where it is not translated.
std::string purposeInChinese(std::string_view description);
/// The same of a command.
std::string commandInChinese(std::string_view description);

}  // namespace caseway
