// gateway/base/varint.hpp - numbers in as many bytes as they need: seven bits a byte, the low ones first, and the
// eighth set where more follow. Source: LEB128, unsigned.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace caseway {

inline void putVarint(std::uint64_t number, std::string& out) {
    for (; number >= 0x80; number >>= 7) out += static_cast<char>(number | 0x80);
    out += static_cast<char>(number);
}

/// Takes one off the front of `rest`. False: it does not end there, or has more than ten bytes.
inline bool takeVarint(std::string_view& rest, std::uint64_t& number) {
    number = 0;
    for (unsigned shift = 0; shift < 64 && !rest.empty(); shift += 7) {
        const auto byte = static_cast<std::uint8_t>(rest.front());
        rest.remove_prefix(1);
        number |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
        if (byte < 0x80) return true;
    }
    return false;
}

}  // namespace caseway
