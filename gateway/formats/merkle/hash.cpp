// gateway/formats/merkle/hash.cpp - RFC 6962 hashes and their base64 text.
#include "gateway/formats/merkle/hash.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "gateway/base/base64.hpp"
#include "gateway/formats/crypto/digest.hpp"

namespace caseway {

Sha256 leafHash(ByteView leaf) {
    static constexpr std::uint8_t kLeafPrefix[] = {0};
    thread_local Sha256Stream stream;
    stream.reset();
    stream.update(ByteView(kLeafPrefix));
    stream.update(leaf);
    return stream.finish();
}

Sha256 nodeHash(const Sha256& left, const Sha256& right) {
    std::array<std::uint8_t, 65> bytes;
    bytes[0] = 1;
    std::memcpy(bytes.data() + 1, left.bytes.data(), 32);
    std::memcpy(bytes.data() + 33, right.bytes.data(), 32);
    return sha256(ByteView(bytes));
}

const Sha256& emptyRoot() {
    static const Sha256 kRoot = sha256(std::string_view());
    return kRoot;
}

void appendHashBase64(const Sha256& hash, std::string& out) {
    static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char text[44];
    char* to = text;
    for (std::size_t i = 0; i < 30; i += 3) {
        const std::uint32_t v =
            static_cast<std::uint32_t>(hash.bytes[i] << 16 | hash.bytes[i + 1] << 8 | hash.bytes[i + 2]);
        *to++ = kDigits[v >> 18];
        *to++ = kDigits[v >> 12 & 63];
        *to++ = kDigits[v >> 6 & 63];
        *to++ = kDigits[v & 63];
    }
    const std::uint32_t v = static_cast<std::uint32_t>(hash.bytes[30] << 16 | hash.bytes[31] << 8);
    *to++ = kDigits[v >> 18];
    *to++ = kDigits[v >> 12 & 63];
    *to++ = kDigits[v >> 6 & 63];
    *to = '=';
    out.append(text, sizeof text);
}

std::optional<Sha256> hashFromBase64(std::string_view text) {
    if (text.size() != 44) return std::nullopt;
    const auto bytes = fromBase64(text);
    if (!bytes || bytes->size() != 32) return std::nullopt;
    Sha256 hash;
    std::memcpy(hash.bytes.data(), bytes->data(), 32);
    return hash;
}

std::optional<std::uint64_t> decimalFrom(std::string_view text) {
    if (text.empty() || text.size() > 19 || (text[0] == '0' && text.size() > 1)) return std::nullopt;
    if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    if (value > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
    return value;
}

}  // namespace caseway
