// tests/support/forgeable_keys.hpp - requests and certificates over keys with which anybody can sign, correctly signed
// by nobody.
#pragma once

#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "gateway/formats/crypto/certificate.hpp"
#include "gateway/formats/crypto/certificate_request.hpp"
#include "gateway/formats/crypto/openssl_handles.hpp"

namespace caseway::fixture {

/// An RSA key of this modulus and exponent; `d`: also what signs.
inline OpensslPtr<EVP_PKEY> rsaKey(const BIGNUM* n, unsigned long e, const BIGNUM* d = nullptr,
                                   const char* kind = "RSA") {
    const OpensslPtr<BIGNUM> exponent(BN_new());
    BN_set_word(exponent.get(), e);
    OSSL_PARAM_BLD* const build = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, exponent.get());
    if (d != nullptr) OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_D, d);
    OSSL_PARAM* const parameters = OSSL_PARAM_BLD_to_param(build);
    const OpensslPtr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
    EVP_PKEY* key = nullptr;
    EVP_PKEY_fromdata_init(context.get());
    EVP_PKEY_fromdata(context.get(), &key, d == nullptr ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR, parameters);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(build);
    if (key == nullptr) throw std::runtime_error("this OpenSSL makes no such key");
    return OpensslPtr<EVP_PKEY>(key);
}

/// The modulus of a usual key of 2048 bits.
inline OpensslPtr<BIGNUM> usualModulus() {
    static const PrivateKey kKey = PrivateKey::generate(KeyKind::Rsa);
    BIGNUM* n = nullptr;
    EVP_PKEY_get_bn_param(handleOf(kKey), OSSL_PKEY_PARAM_RSA_N, &n);
    return OpensslPtr<BIGNUM>(n);
}

/// Signs with the exponent 1: the signature is the padded digest itself.
inline OpensslPtr<EVP_PKEY> exponentOne() {
    return rsaKey(usualModulus().get(), 1, BN_value_one());
}

/// What stands in `der`, signed with Ed25519, over the point `point` instead of its key, with the signature that this
/// point's neutral multiple gives: R is the identity and s is 0.
inline std::string overPoint(std::string der, const std::string& old_key, const std::string& point) {
    const std::size_t at = der.find(old_key);
    if (at == std::string::npos) throw std::runtime_error("the key is not in it");
    der.replace(at, point.size(), point);
    std::string signature(64, '\0');
    signature.front() = '\1';
    return der.replace(der.size() - 64, 64, signature);
}

/// A self-signed certificate, or a request, over the identity of Ed25519: good for every message.
inline const std::string kIdentity("\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32);
inline std::string rawOf(const PrivateKey& key) {
    return PublicKey::fromPem(key.publicPem())->rawEd25519();
}
inline std::string requestOverIdentity() {
    const PrivateKey key = PrivateKey::generate(KeyKind::Ed25519);
    const auto request = CertificateRequest::fromPem(CertificateRequest::make(key, "housing", "permits"));
    return overPoint(request->der, rawOf(key), kIdentity);
}
inline std::string certificateOverIdentity(Instant from, Instant until) {
    const PrivateKey key = PrivateKey::generate(KeyKind::Ed25519);
    return overPoint(Certificate::selfSigned(key, "x", from, until), rawOf(key), kIdentity);
}

inline std::string requestWithExponentOne() {
    const OpensslPtr<EVP_PKEY> key = exponentOne();
    const OpensslPtr<X509_REQ> made(X509_REQ_new());
    X509_REQ_set_pubkey(made.get(), key.get());
    if (X509_REQ_sign(made.get(), key.get(), EVP_sha256()) <= 0) throw std::runtime_error("not signed");
    unsigned char* bytes = nullptr;
    const int size = i2d_X509_REQ(made.get(), &bytes);
    std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

}  // namespace caseway::fixture
