// gateway/base/ids.hpp - strong ids, so that two adjacent strings of different meaning can never be swapped.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/bytes.hpp"

namespace caseway {

/// `department/system`, `[a-z0-9_-]+/[a-z0-9_-]+`, at most 100 characters: the party that signs.
class SystemId {
public:
    SystemId() = default;
    static std::optional<SystemId> parse(std::string_view text);
    const std::string& text() const { return text_; }
    std::string_view department() const { return std::string_view(text_).substr(0, text_.find('/')); }
    std::string_view system() const { return std::string_view(text_).substr(text_.find('/') + 1); }
    auto operator<=>(const SystemId&) const = default;

private:
    std::string text_;
};

/// A UUID made by the sender (RFC 9562, any version), kept as 16 bytes; its text is lower-case with hyphens.
class MessageId {
public:
    MessageId() = default;
    static std::optional<MessageId> parse(std::string_view text);
    static MessageId fromBytes(const std::array<std::uint8_t, 16>& bytes);
    /// A random (version 4) UUID from 16 random bytes.
    static MessageId fromRandom(std::array<std::uint8_t, 16> random_bytes);
    /// The same from the system's source of randomness.
    static MessageId random();
    std::string text() const;
    const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
    auto operator<=>(const MessageId&) const = default;

private:
    std::array<std::uint8_t, 16> bytes_{};
};

/// SHA-256 of a certificate's DER; its text, lower-case hex, is the key id of the protocol.
class KeyId {
public:
    KeyId() = default;
    explicit KeyId(const Sha256& digest) : digest_(digest) {}
    static std::optional<KeyId> parse(std::string_view hex);  ///< 64 lower-case hex digits, nothing else
    std::string text() const { return toHex(digest_.bytes); }
    const Sha256& digest() const { return digest_; }
    auto operator<=>(const KeyId&) const = default;

private:
    Sha256 digest_;
};

}  // namespace caseway

template <>
struct std::hash<caseway::SystemId> {
    std::size_t operator()(const caseway::SystemId& id) const noexcept { return std::hash<std::string>{}(id.text()); }
};
