// gateway/domain/known_codes.cpp - looks one up; the table is made of docs/errors.md (cmake/EmbedCodes.cmake).
#include "gateway/domain/known_codes.hpp"

#include <algorithm>

namespace caseway {

const KnownCode* knownCode(std::string_view code) {
    const auto codes = knownCodes();
    const auto found = std::find_if(codes.begin(), codes.end(), [&](const KnownCode& one) { return one.code == code; });
    return found == codes.end() ? nullptr : &*found;
}

}  // namespace caseway
