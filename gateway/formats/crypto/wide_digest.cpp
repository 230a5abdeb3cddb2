// gateway/formats/crypto/wide_digest.cpp - one pass over the bytes.
#include "gateway/formats/crypto/wide_digest.hpp"

#include <array>

#include "gateway/base/check.hpp"
#include "gateway/formats/crypto/openssl_handles.hpp"

namespace caseway {

std::string sha512Of(ByteSource& source) {
    const OpensslPtr<EVP_MD_CTX> context(EVP_MD_CTX_new());
    CASEWAY_CHECK(context && EVP_DigestInit_ex(context.get(), EVP_sha512(), nullptr) == 1);
    std::array<char, 65536> buffer;
    source.rewind();
    while (const std::size_t size = source.read(buffer))
        CASEWAY_CHECK(EVP_DigestUpdate(context.get(), buffer.data(), size) == 1);
    std::string digest(64, '\0');
    CASEWAY_CHECK(EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr) == 1);
    return digest;
}

}  // namespace caseway
