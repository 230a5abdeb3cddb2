// gateway/formats/crypto/digest.cpp - SHA-256 by OpenSSL's own function, not through EVP: most digests are of two to
// ten blocks, for which beginning and ending an EVP context takes as long as the digest.
#define OPENSSL_SUPPRESS_DEPRECATED  // deprecated for algorithms that a provider may replace; this one is the format
#include "gateway/formats/crypto/digest.hpp"

#include <openssl/sha.h>

#include "gateway/base/check.hpp"

namespace caseway {

struct Sha256Stream::State {
    SHA256_CTX context{};
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
    reset();
}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::update(ByteView bytes) {
    CASEWAY_CHECK(SHA256_Update(&state_->context, bytes.data(), bytes.size()) == 1);
}

Sha256 Sha256Stream::finish() {
    Sha256 digest;
    CASEWAY_CHECK(SHA256_Final(digest.bytes.data(), &state_->context) == 1);
    return digest;
}

void Sha256Stream::reset() {
    CASEWAY_CHECK(SHA256_Init(&state_->context) == 1);
}

Sha256 sha256(ByteView bytes) {
    thread_local Sha256Stream stream;
    stream.reset();
    stream.update(bytes);
    return stream.finish();
}

}  // namespace caseway
