// gateway/formats/crypto/public_key.hpp - a key that verifies, decoded once and kept: decoding costs more than a
// verification. Only the kinds and algorithms of algorithm.hpp; a weak key never becomes a PublicKey.
#pragma once

#include <memory>
#include <string>

#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"
#include "gateway/formats/crypto/algorithm.hpp"

namespace caseway {

class PublicKey {
public:
    struct State;
    explicit PublicKey(std::unique_ptr<State> state);
    PublicKey(PublicKey&&) noexcept;
    PublicKey& operator=(PublicKey&&) noexcept;
    ~PublicKey();

    /// From a SubjectPublicKeyInfo in PEM ("BEGIN PUBLIC KEY"). Refusal: certificate_not_good.
    static Result<PublicKey> fromPem(std::string_view pem);

    KeyKind kind() const;
    /// Whether `signature` over `message` is this key's, by `algorithm`. False too where the algorithm is not for this
    /// kind of key. Callable concurrently: contexts are kept and reused.
    bool verify(SignatureAlgorithm algorithm, ByteView message, ByteView signature) const;
    /// The 32 raw bytes of an Ed25519 key; empty for the other kinds.
    std::string rawEd25519() const;

    const State& state() const { return *state_; }

private:
    std::unique_ptr<State> state_;
};

}  // namespace caseway
