// tests/support/weak_signatures.hpp - certificates, requests and revocation lists signed anew over another digest than
// our own code ever uses.
#pragma once

#include <openssl/pem.h>

#include <string>
#include <string_view>

#include "gateway/formats/crypto/openssl_handles.hpp"

namespace caseway::fixture {

/// What nobody should believe any more, and what all do.
struct WeakDigest {
    const char* name;
    bool by_pss;
    bool is_weak;
};
inline constexpr WeakDigest kWeakDigests[] = {
    {"MD5", false, true},     {"SHA1", false, true},    {"RIPEMD160", false, true}, {"SHA1", true, true},
    {"SHA224", false, false}, {"SHA256", false, false}, {"SHA256", true, false},    {"SHA512", true, false}};

/// A signing context over this digest; RSA alone has PSS.
inline OpensslPtr<EVP_MD_CTX> signingOver(const WeakDigest& digest, EVP_PKEY* key) {
    OpensslPtr<EVP_MD_CTX> hashing(EVP_MD_CTX_new());
    EVP_PKEY_CTX* context = nullptr;  // owned by hashing
    EVP_DigestSignInit(hashing.get(), &context, EVP_get_digestbyname(digest.name), nullptr, key);
    if (digest.by_pss) EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING);
    return hashing;
}

template <class Handle>
std::string pemOf(Handle* handle, int (*write)(BIO*, const Handle*)) {
    const OpensslPtr<BIO> out(BIO_new(BIO_s_mem()));
    write(out.get(), handle);
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

inline std::string requestOver(const WeakDigest& digest, std::string_view pem, EVP_PKEY* key) {
    const OpensslPtr<BIO> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const OpensslPtr<X509_REQ> request(PEM_read_bio_X509_REQ(in.get(), nullptr, nullptr, nullptr));
    if (X509_REQ_sign_ctx(request.get(), signingOver(digest, key).get()) <= 0) return {};
    return pemOf(request.get(), &PEM_write_bio_X509_REQ);
}
inline std::string listOver(const WeakDigest& digest, std::string_view pem, EVP_PKEY* key) {
    const OpensslPtr<BIO> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const OpensslPtr<X509_CRL> list(PEM_read_bio_X509_CRL(in.get(), nullptr, nullptr, nullptr));
    if (X509_CRL_sign_ctx(list.get(), signingOver(digest, key).get()) <= 0) return {};
    return pemOf(list.get(), &PEM_write_bio_X509_CRL);
}
inline std::string certificateOver(const WeakDigest& digest, std::string_view der, EVP_PKEY* key) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const OpensslPtr<X509> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (X509_sign_ctx(certificate.get(), signingOver(digest, key).get()) <= 0) return {};
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(certificate.get(), &bytes);
    std::string made(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return made;
}

}  // namespace caseway::fixture
