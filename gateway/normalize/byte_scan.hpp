// gateway/normalize/byte_scan.hpp - does a text hold control characters, anything beyond ASCII, or white space at its
// ends? Asked of every value of every record, so in blocks.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "gateway/base/byte_blocks.hpp"

namespace caseway {

/// A byte beyond 0x7F.
inline bool isBeyondAscii(std::string_view text) {
    return anyBlock(text, [](ByteBlock block) -> ByteBlock { return block & 0x80; });
}

/// A byte below 0x20.
inline bool hasControlByte(std::string_view text) {
    return anyBlock(text, [](ByteBlock block) -> ByteBlock { return block < 0x20; });
}

/// The bytes that white space (white_space.hpp) may begin with (1) and end with (2).
constexpr std::array<std::uint8_t, 256> spaceEdges() {
    std::array<std::uint8_t, 256> edges{};
    edges[' '] = 3;
    for (std::size_t c = '\t'; c <= '\r'; ++c) edges[c] = 3;
    for (const std::uint8_t lead : {0xE3, 0xC2, 0xE2, 0xEF}) edges[lead] = 1;
    for (const std::uint8_t last : {0x80, 0xA0, 0x8B, 0xBF}) edges[last] = 2;
    return edges;
}
inline constexpr std::array<std::uint8_t, 256> kSpaceEdges = spaceEdges();

/// False only where trimming changes nothing. `text` is not empty.
inline bool mayHaveSpace(std::string_view text) {
    const auto edge = [](char c) { return kSpaceEdges[static_cast<unsigned char>(c)]; };
    return ((edge(text.front()) & 1) | (edge(text.back()) & 2)) != 0;
}

/// Nothing but printable ASCII.
inline bool isPrintable(std::string_view text) {
    // Counted from the first printable one, what lies below it comes last.
    return !anyBlock(text, [](ByteBlock block) -> ByteBlock { return (block - 0x20) > 0x7E - 0x20; });
}

/// True only where trimming changes nothing, there is no control character and, if `ascii`, nothing beyond printable
/// ASCII. In doubt false. `text` is not empty.
inline bool isPlain(std::string_view text, bool ascii) {
    return !mayHaveSpace(text) && (ascii ? isPrintable(text) : !hasControlByte(text));
}

}  // namespace caseway
