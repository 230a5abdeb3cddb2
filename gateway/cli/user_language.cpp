// gateway/cli/user_language.cpp - asks the environment once.
#include "gateway/cli/user_language.hpp"

#include <cstdlib>

namespace caseway {

bool speaksChinese() {
    static const bool kChinese = [] {
        for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
            if (const char* const value = std::getenv(name); value != nullptr && *value != '\0')
                return std::string_view(value).starts_with("zh");
        return false;
    }();
    return kChinese;
}

}  // namespace caseway
