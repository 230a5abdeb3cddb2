// gateway/formats/crypto/digest.cpp - SHA-256 with OpenSSL's EVP; the algorithm is fetched once (0.17 us a call
// otherwise).
#include "gateway/formats/crypto/digest.hpp"

#include <openssl/evp.h>

#include "gateway/base/check.hpp"

namespace caseway {
namespace {

const EVP_MD* sha256Algorithm() {
    static EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    CASEWAY_CHECK(kAlgorithm != nullptr);
    return kAlgorithm;
}

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

struct Sha256Stream::State {
    std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
    reset();
}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::update(ByteView bytes) {
    CASEWAY_CHECK(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

Sha256 Sha256Stream::finish() {
    Sha256 digest;
    unsigned size = 0;
    CASEWAY_CHECK(EVP_DigestFinal_ex(state_->context.get(), digest.bytes.data(), &size) == 1 && size == 32);
    return digest;
}

void Sha256Stream::reset() {
    CASEWAY_CHECK(EVP_DigestInit_ex2(state_->context.get(), sha256Algorithm(), nullptr) == 1);
}

Sha256 sha256(ByteView bytes) {
    thread_local Sha256Stream stream;
    stream.reset();
    stream.update(bytes);
    return stream.finish();
}

}  // namespace caseway
