// gateway/formats/crypto/openssl_handles.hpp - OpenSSL's handles as owned values. For sources in formats/ only, never
// for a header that others include.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>
#include <string>

#include "gateway/formats/crypto/algorithm.hpp"

namespace caseway {

struct OpensslDeleter {
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(X509_REQ* request) const { X509_REQ_free(request); }
    void operator()(X509_CRL* list) const { X509_CRL_free(list); }
    void operator()(X509_REVOKED* entry) const { X509_REVOKED_free(entry); }
    void operator()(X509_STORE* store) const { X509_STORE_free(store); }
    void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
    void operator()(ASN1_STRING* text) const { ASN1_STRING_free(text); }  // times and numbers too
    void operator()(BIGNUM* number) const { BN_free(number); }
    void operator()(EXTENDED_KEY_USAGE* purposes) const { EXTENDED_KEY_USAGE_free(purposes); }
    void operator()(RSA_PSS_PARAMS* parameters) const { RSA_PSS_PARAMS_free(parameters); }
    void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
template <class T>
using OpensslPtr = std::unique_ptr<T, OpensslDeleter>;

class PublicKey;
class PrivateKey;
/// The handle inside; borrowed, lives as long as the key.
EVP_PKEY* handleOf(const PublicKey& key);
EVP_PKEY* handleOf(const PrivateKey& key);

/// Fetched once, kept for the life of the process.
const EVP_MD* digestOf(SignatureAlgorithm algorithm);
/// Sets padding, digest and salt of a signing or verifying context, as the algorithm says; false where OpenSSL
/// declines.
bool configure(EVP_PKEY_CTX* context, SignatureAlgorithm algorithm);
/// What kind of key this is and whether the protocol takes it; the text says why not.
std::string weaknessOf(EVP_PKEY* key, KeyKind& kind);

/// Takes what OpenSSL noted on this thread's error queue, as text, and leaves the queue empty: a stale error misleads
/// the next reader.
std::string takeOpensslErrors();

/// Leaves the thread's error queue empty on entry and on exit.
struct OpensslErrorScope {
    OpensslErrorScope();
    ~OpensslErrorScope();
    OpensslErrorScope(const OpensslErrorScope&) = delete;
    OpensslErrorScope& operator=(const OpensslErrorScope&) = delete;
};

}  // namespace caseway
