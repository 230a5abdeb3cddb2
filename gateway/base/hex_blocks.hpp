// gateway/base/hex_blocks.hpp - digests as lower-case hexadecimal and back, sixteen bytes at a time: of a night's
// records each line has one, which is written, and read again where lines are kept in few bytes.
#pragma once

#include "gateway/base/byte_blocks.hpp"
#include "gateway/base/bytes.hpp"

namespace caseway {

/// The digits of a digest.
using HexDigits = std::array<char, 2 * sizeof(Sha256::bytes)>;

/// `to`: room for the digits of sixteen bytes, 32.
inline void putHexBlock(ByteBlock bytes, char* to) {
    const auto digits = [](ByteBlock values) -> ByteBlock {
        return values + '0' + (static_cast<ByteBlock>(values > 9) & ('a' - '0' - 10));
    };
    const ByteBlock high = digits(bytes >> 4), low = digits(bytes & 15);
    const ByteBlock first = __builtin_shufflevector(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const ByteBlock last =
        __builtin_shufflevector(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    std::memcpy(to, &first, sizeof first);
    std::memcpy(to + sizeof first, &last, sizeof last);
}

inline HexDigits hexDigits(const Sha256& digest) {
    HexDigits digits;
    for (std::size_t at = 0; at < digest.bytes.size(); at += sizeof(ByteBlock)) {
        ByteBlock bytes;
        std::memcpy(&bytes, digest.bytes.data() + at, sizeof bytes);
        putHexBlock(bytes, digits.data() + 2 * at);
    }
    return digits;
}

inline std::string_view textOf(const HexDigits& digits) {
    return {digits.data(), digits.size()};
}

/// What these 64 characters say, in `digest`; false, and nothing of use in it, where one is no lower-case digit.
inline bool takeHex(const char* digits, Sha256& digest) {
    ByteBlock wrong{};
    const auto values = [&](const char* from) -> ByteBlock {
        const ByteBlock block = loadBlock(from);
        const ByteBlock number = block - '0', letter = block - 'a';  // what lies below comes last
        const auto is_number = static_cast<ByteBlock>(number <= 9), is_letter = static_cast<ByteBlock>(letter <= 5);
        wrong |= ~(is_number | is_letter);
        return (number & is_number) | ((letter + 10) & is_letter);
    };
    for (std::size_t at = 0; at < digest.bytes.size(); at += sizeof(ByteBlock)) {
        const ByteBlock first = values(digits + 2 * at), last = values(digits + 2 * at + sizeof(ByteBlock));
        const ByteBlock high =
            __builtin_shufflevector(first, last, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
        const ByteBlock low =
            __builtin_shufflevector(first, last, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
        const ByteBlock bytes = high << 4 | low;
        std::memcpy(digest.bytes.data() + at, &bytes, sizeof bytes);
    }
    return !anyByte(wrong);
}

}  // namespace caseway
