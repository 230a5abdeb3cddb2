// gateway/adapters/files/ed25519_signer.hpp - the Signer port over a key file: an unencrypted PKCS#8 PEM file that only
// its owner can read. A signing device of the site takes this place later.
#pragma once

#include <string>

#include "gateway/formats/crypto/ed25519.hpp"
#include "gateway/ports/signer.hpp"

namespace caseway {

class Ed25519FileSigner final : public Signer {
public:
    /// Throws Fault{ConfigurationBad}: no such file, not an Ed25519 key, or others than its owner may read it.
    explicit Ed25519FileSigner(const std::string& file);
    std::array<std::uint8_t, 32> publicKey() const override { return key_.publicKey(); }
    std::array<std::uint8_t, 64> sign(ByteView message) override { return key_.sign(message); }

private:
    Ed25519PrivateKey key_;
};

/// Makes a new key in `file` with mode 0600; durable on return. The file must not exist: no key is ever overwritten.
/// Throws Fault{ConfigurationBad} where it does, Fault{FileUnavailable} where it cannot be written.
void createEd25519KeyFile(const std::string& file);

}  // namespace caseway
