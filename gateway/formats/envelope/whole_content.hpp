// gateway/formats/envelope/whole_content.hpp - a payload whose signature needs all of it, in memory. For sources of
// this folder only.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "gateway/base/byte_source.hpp"

namespace caseway {

/// Above every limit that a configuration may set for what is signed in memory.
inline constexpr std::size_t kSignedBytesMax = 256 * 1024 * 1024;

/// From the front; nothing where it is longer than that. Throws what the source throws.
inline std::optional<std::string> wholeOf(ByteSource& source) {
    source.rewind();
    std::string bytes;
    std::array<char, 65536> buffer;
    while (const std::size_t size = source.read(buffer)) {
        if (bytes.size() + size > kSignedBytesMax) return std::nullopt;
        bytes.append(buffer.data(), size);
    }
    return bytes;
}

}  // namespace caseway
