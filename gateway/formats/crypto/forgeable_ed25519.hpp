// gateway/formats/crypto/forgeable_ed25519.hpp - the question of forgeable_key.hpp for an Ed25519 key that is given by
// its bytes, without OpenSSL.
#pragma once

#include <string>

#include "gateway/formats/crypto/ed25519.hpp"

namespace caseway {

/// Why anybody could sign with this key: a point of small order, or one that RFC 8032 writes otherwise. Empty where
/// only its holder can.
std::string whyForgeable(const Ed25519PublicKey& key);

}  // namespace caseway
