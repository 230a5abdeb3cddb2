// gateway/ports/signer.hpp - the gateway's own signing key for checkpoints: a key file here, a signing device of the
// site later.
#pragma once

#include <array>
#include <string>

#include "gateway/base/bytes.hpp"

namespace caseway {

/// Ed25519 signer of the log's checkpoints (C2SP signed-note).
class Signer {
public:
    virtual ~Signer() = default;
    /// The raw public key, 32 bytes. Source: RFC 8032.
    virtual std::array<std::uint8_t, 32> publicKey() const = 0;
    /// Signs `message` (not prehashed). Callable concurrently. Throws Fault{CryptoUnavailable}.
    virtual std::array<std::uint8_t, 64> sign(ByteView message) = 0;
};

}  // namespace caseway
