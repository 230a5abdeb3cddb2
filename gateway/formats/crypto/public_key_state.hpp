// gateway/formats/crypto/public_key_state.hpp - what stands behind PublicKey. For sources of this folder only.
#pragma once

#include <array>
#include <mutex>
#include <vector>

#include "gateway/formats/crypto/openssl_handles.hpp"
#include "gateway/formats/crypto/public_key.hpp"

namespace caseway {

struct PublicKey::State {
    OpensslPtr<EVP_PKEY> key;
    KeyKind kind = KeyKind::EcP256;
    /// Contexts that are ready to verify, one list per algorithm; a verification takes one and gives it back.
    mutable std::mutex mutex;
    mutable std::array<std::vector<OpensslPtr<EVP_PKEY_CTX>>, 6> ready;
};

/// The key as PublicKey; refusal certificate_not_good for a weak or unknown one.
Result<PublicKey> adoptPublicKey(OpensslPtr<EVP_PKEY> key);

}  // namespace caseway
