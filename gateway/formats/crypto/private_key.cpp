// gateway/formats/crypto/private_key.cpp - signing on OpenSSL's EVP.
#include "gateway/formats/crypto/private_key.hpp"

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "gateway/base/check.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/formats/crypto/ecdsa_signature.hpp"
#include "gateway/formats/crypto/foreign_form.hpp"
#include "gateway/formats/crypto/forgeable_key.hpp"
#include "gateway/formats/crypto/openssl_handles.hpp"

namespace caseway {

struct PrivateKey::State {
    OpensslPtr<EVP_PKEY> key;
    KeyKind kind = KeyKind::EcP256;
};

namespace {

constexpr std::string_view kSm2UserId = "1234567812345678";

[[noreturn]] void failed(const char* what) {
    throw Fault(FaultCode::CryptoUnavailable, std::string(what) + ": " + takeOpensslErrors());
}

std::string drained(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

int refusePassphrase(char*, int, int, void*) {
    return -1;
}

}  // namespace

PrivateKey::PrivateKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
PrivateKey::PrivateKey(PrivateKey&&) noexcept = default;
PrivateKey& PrivateKey::operator=(PrivateKey&&) noexcept = default;
PrivateKey::~PrivateKey() = default;

KeyKind PrivateKey::kind() const {
    return state_->kind;
}

Result<PrivateKey> PrivateKey::fromPem(std::string_view pem) {
    const OpensslErrorScope errors;
    const OpensslPtr<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    auto state = std::make_unique<State>();
    state->key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, refusePassphrase, nullptr));
    if (!state->key)
        return withForm({"key_not_good", "private key", "no private key that can be read",
                         "a PEM file with one unencrypted private key",
                         "Decrypt or convert it first: openssl pkey -in KEY -out NEW"},
                        formInsteadOfKey(pem));
    std::string weakness = weaknessOf(state->key.get(), state->kind);
    if (weakness.empty()) weakness = whyForgeable(state->key.get());
    if (weakness.empty()) return PrivateKey(std::move(state));
    return Refusal{
        "key_not_good", "private key", weakness, "a key on P-256 or SM2, RSA of 2048 bits or more, Ed25519",
        "Make a new key and have its certificate registered: caseway cert request --system DEPARTMENT/SYSTEM"};
}

PrivateKey PrivateKey::generate(KeyKind kind) {
    const OpensslErrorScope errors;
    auto state = std::make_unique<State>();
    state->kind = kind;
    switch (kind) {
        case KeyKind::EcP256:
            state->key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
            break;
        case KeyKind::Rsa:
            state->key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}));
            break;
        case KeyKind::Ed25519:
            state->key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
            break;
        case KeyKind::Sm2:
            state->key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2"));
            break;
    }
    if (!state->key) failed("a new key could not be made");
    return PrivateKey(std::move(state));
}

std::string PrivateKey::sign(SignatureAlgorithm algorithm, ByteView message) const {
    CASEWAY_CHECK(keyKindOf(algorithm) == state_->kind);
    const OpensslErrorScope errors;
    OpensslPtr<EVP_PKEY_CTX> with_id;  // must outlive hashing
    const OpensslPtr<EVP_MD_CTX> hashing(EVP_MD_CTX_new());
    if (algorithm == SignatureAlgorithm::Sm2Sm3) {
        with_id.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, state_->key.get(), nullptr));
        if (!with_id || EVP_PKEY_CTX_set1_id(with_id.get(), kSm2UserId.data(), kSm2UserId.size()) != 1) failed("SM2");
        EVP_MD_CTX_set_pkey_ctx(hashing.get(), with_id.get());
    }
    EVP_PKEY_CTX* context = nullptr;  // owned by hashing
    if (EVP_DigestSignInit(hashing.get(), with_id ? nullptr : &context, digestOf(algorithm), nullptr,
                           state_->key.get()) != 1)
        failed("a signature could not be begun");
    if (state_->kind == KeyKind::Rsa && !configure(context, algorithm)) failed("the padding was not taken");
    std::size_t size = 0;
    if (EVP_DigestSign(hashing.get(), nullptr, &size, message.data(), message.size()) != 1) failed("signing failed");
    std::string signature(size, '\0');
    if (EVP_DigestSign(hashing.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, message.data(),
                       message.size()) != 1)
        failed("signing failed");
    signature.resize(size);
    if (algorithm != SignatureAlgorithm::EcdsaP256Sha256) return signature;
    auto raw = ecdsaDerToRaw(bytesOf(signature));
    CASEWAY_CHECK(raw.has_value());
    return std::move(*raw);
}

std::string PrivateKey::toPem() const {
    const OpensslPtr<BIO> bio(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_PrivateKey(bio.get(), state_->key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
        failed("PEM");
    return drained(bio.get());
}

std::string PrivateKey::publicPem() const {
    const OpensslPtr<BIO> bio(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_PUBKEY(bio.get(), state_->key.get()) != 1) failed("PEM");
    return drained(bio.get());
}

EVP_PKEY* handleOf(const PrivateKey& key) {
    return key.state().key.get();
}

}  // namespace caseway
