// gateway/formats/crypto/ed25519.hpp - Ed25519 on keys that are kept, not decoded for each call. Source: RFC 8032;
// PKCS#8: RFC 8410.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/bytes.hpp"

namespace caseway {

using Ed25519PublicKey = std::array<std::uint8_t, 32>;
using Ed25519Signature = std::array<std::uint8_t, 64>;

/// A public key that verifies. Copies share the key. Callable concurrently.
class Ed25519Verifier {
public:
    explicit Ed25519Verifier(const Ed25519PublicKey& key);
    const Ed25519PublicKey& publicKey() const { return bytes_; }
    /// False for any other message, key or signature, and for a signature that is not 64 bytes.
    bool verify(ByteView message, ByteView signature) const;

private:
    Ed25519PublicKey bytes_;
    std::shared_ptr<void> key_;
};

/// A private key that signs. Copies share the key. Callable concurrently.
class Ed25519PrivateKey {
public:
    /// A new key from the library's random generator. Throws Fault{CryptoUnavailable}.
    static Ed25519PrivateKey generate();
    /// From the 32 secret bytes of RFC 8032 (its "private key").
    static Ed25519PrivateKey fromSeed(const std::array<std::uint8_t, 32>& seed);
    /// From an unencrypted PKCS#8 PEM text; nothing where it holds anything but one Ed25519 key.
    static std::optional<Ed25519PrivateKey> fromPem(std::string_view pem);

    const Ed25519PublicKey& publicKey() const { return public_key_; }
    /// Throws Fault{CryptoUnavailable}.
    Ed25519Signature sign(ByteView message) const;
    /// Unencrypted PKCS#8 PEM: a secret. Throws Fault{CryptoUnavailable}.
    std::string toPem() const;

private:
    explicit Ed25519PrivateKey(std::shared_ptr<void> key);
    std::shared_ptr<void> key_;
    Ed25519PublicKey public_key_{};
};

}  // namespace caseway
