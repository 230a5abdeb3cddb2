// gateway/formats/crypto/private_key.hpp - a key that signs: `message send`, the tests, and the gateway's own key file.
// The register never holds one, and none is ever written to a log.
#pragma once

#include <memory>
#include <string>

#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"
#include "gateway/formats/crypto/algorithm.hpp"

namespace caseway {

class PrivateKey {
public:
    struct State;
    PrivateKey(PrivateKey&&) noexcept;
    PrivateKey& operator=(PrivateKey&&) noexcept;
    ~PrivateKey();

    /// From PEM without passphrase. Refusal: key_not_good (unreadable, encrypted, weak).
    static Result<PrivateKey> fromPem(std::string_view pem);
    /// A new key from OpenSSL's random source (RSA: 2048 bits). Throws Fault{CryptoUnavailable}.
    static PrivateKey generate(KeyKind kind);

    KeyKind kind() const;
    /// The signature over `message`; ECDSA as r‖s. `algorithm` must be for this kind of key. Callable concurrently.
    /// Throws Fault{CryptoUnavailable}.
    std::string sign(SignatureAlgorithm algorithm, ByteView message) const;
    /// PKCS #8 PEM, unencrypted: for a key file that only its owner can read.
    std::string toPem() const;
    /// SubjectPublicKeyInfo in PEM.
    std::string publicPem() const;

    const State& state() const { return *state_; }

private:
    explicit PrivateKey(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace caseway
