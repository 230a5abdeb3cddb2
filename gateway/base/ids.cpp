// gateway/base/ids.cpp - parsing and writing of the strong ids.
#include "gateway/base/ids.hpp"

#include <algorithm>
#include <random>

namespace caseway {
namespace {

constexpr std::size_t kSystemIdMax = 100;

bool isIdPart(std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

}  // namespace

std::optional<SystemId> SystemId::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (text.size() > kSystemIdMax || slash == std::string_view::npos) return std::nullopt;
    if (!isIdPart(text.substr(0, slash)) || !isIdPart(text.substr(slash + 1))) return std::nullopt;
    SystemId id;
    id.text_ = text;
    return id;
}

std::optional<MessageId> MessageId::parse(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    std::array<char, 32> hex{};
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text[i] != '-') return std::nullopt;
        } else {
            hex[count++] = text[i];
        }
    }
    MessageId id;
    if (!fromHex({hex.data(), hex.size()}, id.bytes_)) return std::nullopt;
    return id;
}

MessageId MessageId::fromBytes(const std::array<std::uint8_t, 16>& bytes) {
    MessageId id;
    id.bytes_ = bytes;
    return id;
}

MessageId MessageId::fromRandom(std::array<std::uint8_t, 16> random_bytes) {
    random_bytes[6] = static_cast<std::uint8_t>((random_bytes[6] & 0x0F) | 0x40);
    random_bytes[8] = static_cast<std::uint8_t>((random_bytes[8] & 0x3F) | 0x80);
    return fromBytes(random_bytes);
}

MessageId MessageId::random() {
    std::random_device device;
    std::array<std::uint8_t, 16> bytes{};
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(device());
    return fromRandom(bytes);
}

std::string MessageId::text() const {
    std::string hex = toHex(bytes_);
    for (const std::size_t at : {8U, 13U, 18U, 23U}) hex.insert(at, 1, '-');
    return hex;
}

std::optional<KeyId> KeyId::parse(std::string_view hex) {
    Sha256 digest;
    const bool lower = std::none_of(hex.begin(), hex.end(), [](char c) { return c >= 'A' && c <= 'F'; });
    if (!lower || !fromHex(hex, digest.bytes)) return std::nullopt;
    return KeyId(digest);
}

}  // namespace caseway
