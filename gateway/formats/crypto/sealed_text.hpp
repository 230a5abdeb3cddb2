// gateway/formats/crypto/sealed_text.hpp - a small text encrypted under a key of the gateway and bound to its name:
// AES-256-GCM (NIST SP 800-38D), a fresh random nonce each time. Form: nonce (12 bytes), tag (16), ciphertext.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caseway {

using SealKey = std::array<std::uint8_t, 32>;

/// Random. Throws Fault{CryptoUnavailable}.
SealKey newSealKey();
/// Throws Fault{CryptoUnavailable}.
std::string sealText(const SealKey& key, std::string_view name, std::string_view text);
/// Nothing where key, name or a byte is another one.
std::optional<std::string> openSealedText(const SealKey& key, std::string_view name, std::string_view sealed);

}  // namespace caseway
