// gateway/base/base64.cpp - strict base64 and base64url. OpenSSL's decoder skips white space and spare bits, hence our
// own.
#include "gateway/base/base64.hpp"

#include <array>

namespace caseway {
namespace {

constexpr std::string_view kUrl = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What a character means at each of the four places of a group; negative where it means nothing.
using Inverse = std::array<std::array<std::int32_t, 256>, 4>;

constexpr Inverse inverse(std::string_view alphabet) {
    Inverse tables{};
    for (std::size_t place = 0; place < tables.size(); ++place) {
        tables[place].fill(-1);
        for (std::size_t i = 0; i < alphabet.size(); ++i)
            tables[place][static_cast<unsigned char>(alphabet[i])] = static_cast<std::int32_t>(i << (18 - 6 * place));
    }
    return tables;
}

constexpr auto kUrlInverse = inverse(kUrl);
constexpr auto kStandardInverse = inverse(kStandard);

std::string encode(ByteView bytes, std::string_view alphabet, bool padded) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    std::size_t i = 0;
    for (; i + 3 <= bytes.size(); i += 3) {
        const std::uint32_t v = bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2];
        text += {alphabet[v >> 18], alphabet[v >> 12 & 63], alphabet[v >> 6 & 63], alphabet[v & 63]};
    }
    if (bytes.size() - i == 1) {
        const std::uint32_t v = bytes[i] << 16;
        text += {alphabet[v >> 18], alphabet[v >> 12 & 63]};
        if (padded) text += "==";
    } else if (bytes.size() - i == 2) {
        const std::uint32_t v = bytes[i] << 16 | bytes[i + 1] << 8;
        text += {alphabet[v >> 18], alphabet[v >> 12 & 63], alphabet[v >> 6 & 63]};
        if (padded) text += '=';
    }
    return text;
}

/// Four characters at a time; a byte of no alphabet is -1 in the tables and shows as the sign of all of them together.
std::optional<std::string> decode(std::string_view text, const Inverse& tables) {
    const std::size_t rest = text.size() % 4;
    if (rest == 1) return std::nullopt;
    const auto valueAt = [&](std::size_t i, std::size_t place) {
        return tables[place][static_cast<unsigned char>(text[i])];
    };
    std::string bytes(text.size() / 4 * 3 + (rest == 0 ? 0 : rest - 1), '\0');
    char* out = bytes.data();
    std::int32_t signs = 0;
    std::size_t i = 0;
    for (; i + 4 <= text.size(); i += 4) {
        const std::int32_t v = valueAt(i, 0) | valueAt(i + 1, 1) | valueAt(i + 2, 2) | valueAt(i + 3, 3);
        signs |= v;
        *out++ = static_cast<char>(v >> 16 & 0xFF);
        *out++ = static_cast<char>(v >> 8 & 0xFF);
        *out++ = static_cast<char>(v & 0xFF);
    }
    if (rest != 0) {
        const std::int32_t v = valueAt(i, 0) | valueAt(i + 1, 1) | (rest == 3 ? valueAt(i + 2, 2) : 0);
        signs |= v;
        *out++ = static_cast<char>(v >> 16 & 0xFF);
        if (rest == 3) *out++ = static_cast<char>(v >> 8 & 0xFF);
        if ((v & (rest == 3 ? 0xFF : 0xFFFF)) != 0) return std::nullopt;  // spare bits
    }
    if (signs < 0) return std::nullopt;
    return bytes;
}

}  // namespace

std::string toBase64Url(ByteView bytes) {
    return encode(bytes, kUrl, false);
}
std::optional<std::string> fromBase64Url(std::string_view text) {
    return decode(text, kUrlInverse);
}

std::string toBase64(ByteView bytes) {
    return encode(bytes, kStandard, true);
}

std::optional<std::string> fromBase64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
    return decode(text.substr(0, text.size() - padding), kStandardInverse);
}

}  // namespace caseway
