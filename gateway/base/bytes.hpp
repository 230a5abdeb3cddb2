// gateway/base/bytes.hpp - views of raw bytes and the digest value types that every stage hands on.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace caseway {

using ByteView = std::span<const std::uint8_t>;

/// The bytes of a text or of a payload held in a string; the view lives as long as `text`.
inline ByteView bytesOf(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The same bytes as text, without any claim about their encoding.
inline std::string_view textOf(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A SHA-256 value, 32 bytes. Source: FIPS 180-4.
struct Sha256 {
    std::array<std::uint8_t, 32> bytes{};
    auto operator<=>(const Sha256&) const = default;
    operator ByteView() const { return bytes; }  // NOLINT: a digest is bytes
};

/// Lower-case hexadecimal.
std::string toHex(ByteView bytes);
/// Decodes lower- or upper-case hexadecimal of exactly `out.size()` bytes; false on any other character or length.
bool fromHex(std::string_view hex, std::span<std::uint8_t> out);

}  // namespace caseway
