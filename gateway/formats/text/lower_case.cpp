// gateway/formats/text/lower_case.cpp - ASCII lower case.
#include "gateway/formats/text/lower_case.hpp"

namespace caseway {

std::string lowerCase(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

}  // namespace caseway
