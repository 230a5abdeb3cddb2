// gateway/cli/user_language.hpp - the language in which a command speaks to whoever called it: Chinese where the
// environment says zh (LC_ALL, else LC_MESSAGES, else LANG; POSIX 2018, 8.2), English everywhere else. Codes, names of
// options and machine output are the same in both.
#pragma once

#include <string_view>

namespace caseway {

bool speaksChinese();

/// The one that is spoken.
inline std::string_view said(std::string_view english, std::string_view chinese) {
    return speaksChinese() ? chinese : english;
}

}  // namespace caseway
