// gateway/formats/crypto/public_key.cpp - verification on OpenSSL's EVP with contexts that are kept ready.
#include "gateway/formats/crypto/public_key.hpp"

#include <openssl/pem.h>

#include "gateway/formats/crypto/ecdsa_signature.hpp"
#include "gateway/formats/crypto/public_key_state.hpp"

namespace caseway {
namespace {

constexpr std::string_view kSm2UserId = "1234567812345678";
constexpr std::size_t kReadyMax = 16;

OpensslPtr<EVP_PKEY_CTX> takeContext(const PublicKey::State& state, SignatureAlgorithm algorithm) {
    {
        const std::lock_guard lock(state.mutex);
        auto& ready = state.ready[static_cast<std::size_t>(algorithm)];
        if (!ready.empty()) {
            OpensslPtr<EVP_PKEY_CTX> context = std::move(ready.back());
            ready.pop_back();
            return context;
        }
    }
    OpensslPtr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_pkey(nullptr, state.key.get(), nullptr));
    if (!context || EVP_PKEY_verify_init(context.get()) != 1 || !configure(context.get(), algorithm)) return nullptr;
    return context;
}

void giveBack(const PublicKey::State& state, SignatureAlgorithm algorithm, OpensslPtr<EVP_PKEY_CTX> context) {
    const std::lock_guard lock(state.mutex);
    auto& ready = state.ready[static_cast<std::size_t>(algorithm)];
    if (ready.size() < kReadyMax) ready.push_back(std::move(context));
}

/// ECDSA and RSA: digest first, then the kept context.
bool verifyDigest(const PublicKey::State& state, SignatureAlgorithm algorithm, ByteView message, ByteView signature) {
    thread_local OpensslPtr<EVP_MD_CTX> hashing(EVP_MD_CTX_new());
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_DigestInit_ex2(hashing.get(), digestOf(algorithm), nullptr) != 1 ||
        EVP_DigestUpdate(hashing.get(), message.data(), message.size()) != 1 ||
        EVP_DigestFinal_ex(hashing.get(), digest.data(), &size) != 1)
        return false;
    OpensslPtr<EVP_PKEY_CTX> context = takeContext(state, algorithm);
    if (!context) return false;
    const bool good = EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(), size) == 1;
    giveBack(state, algorithm, std::move(context));
    return good;
}

/// Ed25519 and SM2: they hash by themselves (SM2 with the user id in front).
bool verifyMessage(const PublicKey::State& state, SignatureAlgorithm algorithm, ByteView message, ByteView signature) {
    OpensslPtr<EVP_PKEY_CTX> context;  // must outlive hashing
    const OpensslPtr<EVP_MD_CTX> hashing(EVP_MD_CTX_new());
    if (algorithm == SignatureAlgorithm::Sm2Sm3) {
        context.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, state.key.get(), nullptr));
        if (!context || EVP_PKEY_CTX_set1_id(context.get(), kSm2UserId.data(), kSm2UserId.size()) != 1) return false;
        EVP_MD_CTX_set_pkey_ctx(hashing.get(), context.get());
    }
    return EVP_DigestVerifyInit(hashing.get(), nullptr, digestOf(algorithm), nullptr, state.key.get()) == 1 &&
           EVP_DigestVerify(hashing.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

}  // namespace

PublicKey::PublicKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
PublicKey::PublicKey(PublicKey&&) noexcept = default;
PublicKey& PublicKey::operator=(PublicKey&&) noexcept = default;
PublicKey::~PublicKey() = default;

KeyKind PublicKey::kind() const {
    return state_->kind;
}

Result<PublicKey> adoptPublicKey(OpensslPtr<EVP_PKEY> key) {
    auto state = std::make_unique<PublicKey::State>();
    std::string weakness = key ? weaknessOf(key.get(), state->kind) : "no public key that can be read";
    if (!weakness.empty())
        return Refusal{"certificate_not_good", "certificate", weakness,
                       "P-256, RSA of 2048 bits or more, Ed25519 or SM2",
                       "Make a new key, for example: openssl ecparam -name prime256v1 -genkey -noout"};
    state->key = std::move(key);
    return PublicKey(std::move(state));
}

Result<PublicKey> PublicKey::fromPem(std::string_view pem) {
    const OpensslErrorScope errors;
    const OpensslPtr<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return adoptPublicKey(OpensslPtr<EVP_PKEY>(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr)));
}

bool PublicKey::verify(SignatureAlgorithm algorithm, ByteView message, ByteView signature) const {
    if (keyKindOf(algorithm) != state_->kind) return false;
    const OpensslErrorScope errors;
    switch (algorithm) {
        case SignatureAlgorithm::EcdsaP256Sha256: {
            const auto der = ecdsaRawToDer(signature);
            return der && verifyDigest(*state_, algorithm, message, der->view());
        }
        case SignatureAlgorithm::Ed25519:
        case SignatureAlgorithm::Sm2Sm3:
            return verifyMessage(*state_, algorithm, message, signature);
        default:  // RSA. OpenSSL's PSS takes a signature without its leading zeros, too; RFC 8017, 8.1.2: wrong length.
            return signature.size() == static_cast<std::size_t>(EVP_PKEY_get_size(state_->key.get())) &&
                   verifyDigest(*state_, algorithm, message, signature);
    }
}

std::string PublicKey::rawEd25519() const {
    std::string raw(32, '\0');
    std::size_t size = raw.size();
    if (state_->kind != KeyKind::Ed25519 ||
        EVP_PKEY_get_raw_public_key(state_->key.get(), reinterpret_cast<unsigned char*>(raw.data()), &size) != 1)
        return {};
    return raw;
}

EVP_PKEY* handleOf(const PublicKey& key) {
    return key.state().key.get();
}

}  // namespace caseway
