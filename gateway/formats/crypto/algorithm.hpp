// gateway/formats/crypto/algorithm.hpp - which keys and signature algorithms the protocol knows; the key fixes the
// algorithm. The table is docs/formats/messages.md, "Keys". Everything that is not named here is refused.
#pragma once

#include <cstdint>
#include <string_view>

namespace caseway {

enum class KeyKind : std::uint8_t {
    EcP256,   ///< P-256 (secp256r1, prime256v1)
    Rsa,      ///< 2048 to 8192 bits
    Ed25519,  ///< RFC 8032
    Sm2,      ///< GB/T 32918, user id 1234567812345678
};
constexpr std::string_view nameOf(KeyKind kind) {
    constexpr std::string_view kNames[] = {"P-256", "RSA", "Ed25519", "SM2"};
    return kNames[static_cast<std::size_t>(kind)];
}

enum class SignatureAlgorithm : std::uint8_t {
    EcdsaP256Sha256,  ///< r‖s, 64 bytes (XML-DSig, JWS and RFC 9421 alike)
    RsaPkcs1Sha256,   ///< RSASSA-PKCS1-v1_5
    RsaPssSha256,     ///< salt 32 bytes: JWS PS256
    RsaPssSha512,     ///< salt 64 bytes: RFC 9421 rsa-pss-sha512
    Ed25519,          ///< 64 bytes
    Sm2Sm3,           ///< DER
};

/// The kind of key that an algorithm needs.
constexpr KeyKind keyKindOf(SignatureAlgorithm algorithm) {
    switch (algorithm) {
        case SignatureAlgorithm::EcdsaP256Sha256:
            return KeyKind::EcP256;
        case SignatureAlgorithm::RsaPkcs1Sha256:
        case SignatureAlgorithm::RsaPssSha256:
        case SignatureAlgorithm::RsaPssSha512:
            return KeyKind::Rsa;
        case SignatureAlgorithm::Ed25519:
            return KeyKind::Ed25519;
        case SignatureAlgorithm::Sm2Sm3:
            break;
    }
    return KeyKind::Sm2;
}

/// The algorithm with which a key of this kind signs where nothing else is asked for.
constexpr SignatureAlgorithm usualAlgorithm(KeyKind kind) {
    switch (kind) {
        case KeyKind::EcP256:
            return SignatureAlgorithm::EcdsaP256Sha256;
        case KeyKind::Rsa:
            return SignatureAlgorithm::RsaPkcs1Sha256;
        case KeyKind::Ed25519:
            return SignatureAlgorithm::Ed25519;
        case KeyKind::Sm2:
            break;
    }
    return SignatureAlgorithm::Sm2Sm3;
}

}  // namespace caseway
