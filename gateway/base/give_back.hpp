// gateway/base/give_back.hpp - a text's memory, given back at once: `text = {}` and `text = std::string()` only make it
// empty, since an empty text that is moved from leaves the other its memory.
#pragma once

#include <string>

namespace caseway {

inline void giveBack(std::string& text) {
    std::string().swap(text);
}

}  // namespace caseway
