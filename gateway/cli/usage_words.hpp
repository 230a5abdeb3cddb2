// gateway/cli/usage_words.hpp - what an option is for, in Chinese: of those without which a command does not run.
#pragma once

#include <string>
#include <string_view>

namespace caseway {

/// `description`: as `--help` has it; itself where it is not translated.
std::string purposeInChinese(std::string_view description);

}  // namespace caseway
