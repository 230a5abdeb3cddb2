// gateway/base/base64.cpp - strict base64 and base64url. OpenSSL's decoder skips white space and spare bits, hence our
// own.
#include "gateway/base/base64.hpp"

#include <array>

namespace caseway {
namespace {

constexpr std::string_view kUrl = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> inverse(std::string_view alphabet) {
    std::array<std::int8_t, 256> table{};
    table.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
    return table;
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

std::optional<std::string> decode(std::string_view text, const std::array<std::int8_t, 256>& table) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.resize(text.size() / 4 * 3 + (text.size() % 4 + 1) / 2);
    std::size_t out = 0;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const int value = table[static_cast<unsigned char>(c)];
        if (value < 0) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes[out++] = static_cast<char>(bits >> count & 0xFF);
        }
    }
    if ((bits & ((1U << count) - 1)) != 0) return std::nullopt;
    bytes.resize(out);
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
