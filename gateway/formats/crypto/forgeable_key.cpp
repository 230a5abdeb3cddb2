// gateway/formats/crypto/forgeable_key.cpp - OpenSSL's checks of public keys, and what they leave open.
#include "gateway/formats/crypto/forgeable_key.hpp"

#include <openssl/core_names.h>

#include <algorithm>
#include <array>

#include "gateway/formats/crypto/forgeable_ed25519.hpp"
#include "gateway/formats/crypto/openssl_handles.hpp"

namespace caseway {
namespace {

constexpr unsigned long kExponentMin = 65537;
constexpr int kExponentBitsMax = 256;
constexpr int kBitsMin = 2048;

using Ed25519Bytes = std::array<unsigned char, 32>;

/// y of the points whose order divides 8, little-endian; each stands for itself with either sign. Any y that is not
/// below p is refused before, so these are all of the encodings.
constexpr std::array<Ed25519Bytes, 5> kSmallOrder{{
    {0x01},  // the identity
    {0x00},  // order 4
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
     0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},  // order 8
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
     0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},  // order 8
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},  // order 2
}};
constexpr Ed25519Bytes kFieldPrime{0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                   0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                   0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};

std::string ofEd25519(Ed25519Bytes y) {
    y.back() &= 0x7f;  // the sign of x
    if (!std::lexicographical_compare(y.rbegin(), y.rend(), kFieldPrime.rbegin(), kFieldPrime.rend()))
        return "a point that is not written as RFC 8032 says";
    if (std::find(kSmallOrder.begin(), kSmallOrder.end(), y) != kSmallOrder.end())
        return "a point of small order: anybody can sign with it";
    return {};
}

std::string ofEd25519(EVP_PKEY* key) {
    Ed25519Bytes y{};
    std::size_t size = y.size();
    if (EVP_PKEY_get_raw_public_key(key, y.data(), &size) != 1 || size != y.size()) return "no point that can be read";
    return ofEd25519(y);
}

std::string ofRsa(EVP_PKEY* key) {
    BIGNUM *n = nullptr, *e = nullptr;
    const bool has_parts = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
                           EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1;
    const OpensslPtr<BIGNUM> modulus(n), exponent(e);
    if (!has_parts) return "no modulus and exponent that can be read";
    if (BN_is_odd(e) == 0 || BN_num_bits(e) > kExponentBitsMax ||
        (BN_num_bits(e) <= 32 && BN_get_word(e) < kExponentMin))
        return "an RSA exponent that is even, below 65537 or above 2^256";
    if (EVP_PKEY_public_check(OpensslPtr<EVP_PKEY_CTX>(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)).get()) != 1)
        return "an RSA modulus that is even, prime, a power of one, or has small factors";
    return {};
}

}  // namespace

std::string whyForgeable(const Ed25519PublicKey& key) {
    return ofEd25519(key);
}

std::string whyForgeable(EVP_PKEY* key) {
    const OpensslErrorScope errors;
    if (EVP_PKEY_is_a(key, "RSA") == 1) return ofRsa(key);
    // Of authorities alone; no other check looks at the length of these.
    if (EVP_PKEY_is_a(key, "RSA-PSS") == 1)
        return EVP_PKEY_get_bits(key) < kBitsMin ? "an RSA modulus that can be factored" : ofRsa(key);
    if (EVP_PKEY_is_a(key, "ED25519") == 1) return ofEd25519(key);
    if (EVP_PKEY_is_a(key, "EC") != 1 && EVP_PKEY_is_a(key, "SM2") != 1) return {};
    // Quick: that a point of the curve has its order need not be asked where the cofactor is 1, as with all taken ones.
    const OpensslPtr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    return context && EVP_PKEY_public_check_quick(context.get()) == 1
               ? std::string()
               : "a point that is none of the curve, or its zero";
}

}  // namespace caseway
