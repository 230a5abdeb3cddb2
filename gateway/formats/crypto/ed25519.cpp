// gateway/formats/crypto/ed25519.cpp - Ed25519 with OpenSSL's EVP: decoded keys and one digest context a thread are
// kept.
#include "gateway/formats/crypto/ed25519.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "gateway/base/check.hpp"
#include "gateway/base/fault.hpp"

namespace caseway {
namespace {

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeBio {
    void operator()(BIO* bio) const { BIO_free_all(bio); }
};

std::shared_ptr<void> owned(EVP_PKEY* key) {
    return {key, [](void* held) { EVP_PKEY_free(static_cast<EVP_PKEY*>(held)); }};
}
EVP_PKEY* raw(const std::shared_ptr<void>& key) {
    return static_cast<EVP_PKEY*>(key.get());
}

/// A clean context; the oldest error of an uncleared queue would mislead whoever reads it next.
EVP_MD_CTX* cleanContext() {
    thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> kept(EVP_MD_CTX_new());
    CASEWAY_CHECK(kept != nullptr);
    ERR_clear_error();
    EVP_MD_CTX_reset(kept.get());
    return kept.get();
}

[[noreturn]] void libraryFailed(const char* what) {
    char text[160] = "no reason given";
    if (const unsigned long code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof text);
    throw Fault(FaultCode::CryptoUnavailable, std::string(what) + ": " + text);
}

/// A passphrase is never asked for: an encrypted key is refused.
int noPassphrase(char*, int, int, void*) {
    return -1;
}

}  // namespace

Ed25519Verifier::Ed25519Verifier(const Ed25519PublicKey& key)
    : bytes_(key), key_(owned(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()))) {
    CASEWAY_CHECK(key_ != nullptr);
}

bool Ed25519Verifier::verify(ByteView message, ByteView signature) const {
    if (signature.size() != 64) return false;
    EVP_MD_CTX* context = cleanContext();
    const bool good =
        EVP_DigestVerifyInit(context, nullptr, nullptr, nullptr, raw(key_)) == 1 &&
        EVP_DigestVerify(context, signature.data(), signature.size(), message.data(), message.size()) == 1;
    ERR_clear_error();
    return good;
}

Ed25519PrivateKey::Ed25519PrivateKey(std::shared_ptr<void> key) : key_(std::move(key)) {
    std::size_t size = public_key_.size();
    if (key_ == nullptr || EVP_PKEY_get_raw_public_key(raw(key_), public_key_.data(), &size) != 1 || size != 32)
        libraryFailed("Ed25519 key");
}

Ed25519PrivateKey Ed25519PrivateKey::generate() {
    ERR_clear_error();
    return Ed25519PrivateKey(owned(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")));
}

Ed25519PrivateKey Ed25519PrivateKey::fromSeed(const std::array<std::uint8_t, 32>& seed) {
    ERR_clear_error();
    return Ed25519PrivateKey(owned(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size())));
}

std::optional<Ed25519PrivateKey> Ed25519PrivateKey::fromPem(std::string_view pem) {
    constexpr std::size_t kPemMax = 16 * 1024;
    if (pem.size() > kPemMax) return std::nullopt;
    const std::unique_ptr<BIO, FreeBio> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    CASEWAY_CHECK(bio != nullptr);
    auto key = owned(PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassphrase, nullptr));
    ERR_clear_error();
    if (key == nullptr || EVP_PKEY_get_id(raw(key)) != EVP_PKEY_ED25519) return std::nullopt;
    return Ed25519PrivateKey(std::move(key));
}

Ed25519Signature Ed25519PrivateKey::sign(ByteView message) const {
    EVP_MD_CTX* context = cleanContext();
    Ed25519Signature signature;
    std::size_t size = signature.size();
    if (EVP_DigestSignInit(context, nullptr, nullptr, nullptr, raw(key_)) != 1 ||
        EVP_DigestSign(context, signature.data(), &size, message.data(), message.size()) != 1 || size != 64)
        libraryFailed("Ed25519 sign");
    return signature;
}

std::string Ed25519PrivateKey::toPem() const {
    ERR_clear_error();
    const std::unique_ptr<BIO, FreeBio> bio(BIO_new(BIO_s_mem()));
    if (bio == nullptr ||
        PEM_write_bio_PKCS8PrivateKey(bio.get(), raw(key_), nullptr, nullptr, 0, nullptr, nullptr) != 1)
        libraryFailed("Ed25519 key to PEM");
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

}  // namespace caseway
