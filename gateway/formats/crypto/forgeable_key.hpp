// gateway/formats/crypto/forgeable_key.hpp - whether others than its holder can sign with a key, whatever its size: of
// such a key a good signature says nothing. For sources in formats/ only. Source: NIST SP 800-56B §6.4.2, 800-56A
// §5.6.2, RFC 8032 §5.1.
#pragma once

#include <openssl/evp.h>

#include <string>

namespace caseway {

/// Why anybody could sign with this key: an RSA exponent below 65537 or even, a modulus that is prime or has small
/// factors, a point that is no point of the curve or, Ed25519, of small order. Empty where only its holder can.
/// Costs as much as some signatures (RSA: a test of primality), so it is asked when a key comes in or is loaded, never
/// with each message.
std::string whyForgeable(EVP_PKEY* key);

}  // namespace caseway
