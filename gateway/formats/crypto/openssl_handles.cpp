// gateway/formats/crypto/openssl_handles.cpp - fetched digests, signature parameters, and the test whether a key is
// good enough.
#include "gateway/formats/crypto/openssl_handles.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include <string_view>

#include "gateway/base/check.hpp"

namespace caseway {
namespace {

constexpr int kRsaBitsMin = 2048;
constexpr int kRsaBitsMax = 8192;

const EVP_MD* fetched(const char* name) {
    EVP_MD* const digest = EVP_MD_fetch(nullptr, name, nullptr);
    CASEWAY_CHECK(digest != nullptr);
    return digest;
}

std::string_view groupOf(EVP_PKEY* key, std::array<char, 64>& buffer) {
    std::size_t size = 0;
    if (EVP_PKEY_get_group_name(key, buffer.data(), buffer.size(), &size) != 1) return {};
    return {buffer.data(), size};
}

}  // namespace

const EVP_MD* digestOf(SignatureAlgorithm algorithm) {
    static const EVP_MD* const kSha256 = fetched("SHA256");
    static const EVP_MD* const kSha512 = fetched("SHA512");
    static const EVP_MD* const kSm3 = fetched("SM3");
    switch (algorithm) {
        case SignatureAlgorithm::RsaPssSha512:
            return kSha512;
        case SignatureAlgorithm::Sm2Sm3:
            return kSm3;
        case SignatureAlgorithm::Ed25519:
            return nullptr;
        default:
            return kSha256;
    }
}

bool configure(EVP_PKEY_CTX* context, SignatureAlgorithm algorithm) {
    if (keyKindOf(algorithm) == KeyKind::Rsa) {
        const bool pss = algorithm != SignatureAlgorithm::RsaPkcs1Sha256;
        if (EVP_PKEY_CTX_set_rsa_padding(context, pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) != 1) return false;
        if (EVP_PKEY_CTX_set_signature_md(context, digestOf(algorithm)) != 1) return false;
        if (!pss) return true;
        return EVP_PKEY_CTX_set_rsa_mgf1_md(context, digestOf(algorithm)) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
    }
    return EVP_PKEY_CTX_set_signature_md(context, digestOf(algorithm)) == 1;
}

std::string weaknessOf(EVP_PKEY* key, KeyKind& kind) {
    std::array<char, 64> buffer{};
    if (EVP_PKEY_is_a(key, "RSA") == 1) {
        kind = KeyKind::Rsa;
        const int bits = EVP_PKEY_get_bits(key);
        if (bits >= kRsaBitsMin && bits <= kRsaBitsMax) return {};
        return fmt::format("an RSA key of {} bits; {} to {} are taken", bits, kRsaBitsMin, kRsaBitsMax);
    }
    if (EVP_PKEY_is_a(key, "SM2") == 1) {
        kind = KeyKind::Sm2;
        return {};
    }
    if (EVP_PKEY_is_a(key, "EC") == 1) {
        kind = KeyKind::EcP256;
        const std::string_view group = groupOf(key, buffer);
        if (group == "prime256v1" || group == "P-256") return {};
        return fmt::format("a key on the curve {}; P-256 is taken", group.empty() ? "(explicit)" : group);
    }
    if (EVP_PKEY_is_a(key, "ED25519") == 1) {
        kind = KeyKind::Ed25519;
        return {};
    }
    const char* const name = EVP_PKEY_get0_type_name(key);
    return fmt::format("a key of type {}; P-256, RSA, Ed25519 and SM2 are taken", name == nullptr ? "unknown" : name);
}

std::string takeOpensslErrors() {
    std::string text;
    while (const unsigned long code = ERR_get_error()) {
        std::array<char, 256> line{};
        ERR_error_string_n(code, line.data(), line.size());
        if (!text.empty()) text += "; ";
        text += line.data();
    }
    return text.empty() ? "no further detail" : text;
}

OpensslErrorScope::OpensslErrorScope() {
    ERR_clear_error();
}
OpensslErrorScope::~OpensslErrorScope() {
    ERR_clear_error();
}

}  // namespace caseway
