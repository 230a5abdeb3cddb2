// gateway/adapters/files/key_file.hpp - the gateway's Ed25519 signing key in a PEM file that only its owner can read:
// the Signer where the site has no signing device.
#pragma once

#include <filesystem>

#include "gateway/formats/crypto/private_key.hpp"
#include "gateway/ports/signer.hpp"

namespace caseway {

class KeyFile final : public Signer {
public:
    /// Reads an Ed25519 key. Throws Fault{ConfigurationBad}: no key, another kind of key, or readable by others;
    /// Fault{FileUnavailable}: the system gives no such file, or it breaks off.
    explicit KeyFile(const std::filesystem::path& file);
    /// Makes a new key in `file` (mode 0600, durable on return). Throws Fault{FileUnavailable}, also where it exists.
    static void create(const std::filesystem::path& file);

    std::array<std::uint8_t, 32> publicKey() const override { return public_key_; }
    std::array<std::uint8_t, 64> sign(ByteView message) override;

private:
    PrivateKey key_;
    std::array<std::uint8_t, 32> public_key_{};
};

/// Makes a private key of this kind in `file` (mode 0600, durable on return). Throws Fault{FileUnavailable}, also where
/// it exists.
void createKeyFile(const std::filesystem::path& file, KeyKind kind);

/// Any private key in PEM, for `message send`. Throws Fault{ConfigurationBad, FileUnavailable} with the next
/// step.
PrivateKey readPrivateKey(const std::filesystem::path& file);

}  // namespace caseway
