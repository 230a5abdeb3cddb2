// gateway/formats/crypto/wide_digest.cpp - one pass over the bytes.
#include "gateway/formats/crypto/wide_digest.hpp"

#include <array>

#include "gateway/base/check.hpp"
#include "gateway/formats/crypto/openssl_handles.hpp"

namespace caseway {

struct Sha512Stream::State {
    OpensslPtr<EVP_MD_CTX> context{EVP_MD_CTX_new()};
};

Sha512Stream::Sha512Stream() : state_(std::make_unique<State>()) {
    CASEWAY_CHECK(state_->context && EVP_DigestInit_ex(state_->context.get(), EVP_sha512(), nullptr) == 1);
}

Sha512Stream::~Sha512Stream() = default;

void Sha512Stream::update(std::string_view piece) {
    CASEWAY_CHECK(EVP_DigestUpdate(state_->context.get(), piece.data(), piece.size()) == 1);
}

std::string Sha512Stream::finish() {
    std::string digest(64, '\0');
    CASEWAY_CHECK(EVP_DigestFinal_ex(state_->context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr) ==
                  1);
    return digest;
}

std::string sha512Of(ByteSource& source) {
    Sha512Stream stream;
    std::array<char, 65536> buffer;
    source.rewind();
    while (const std::size_t size = source.read(buffer)) stream.update({buffer.data(), size});
    return stream.finish();
}

}  // namespace caseway
