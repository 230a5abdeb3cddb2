// gateway/formats/crypto/sealed_text.cpp - AES-256-GCM by OpenSSL.
#include "gateway/formats/crypto/sealed_text.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>

#include "gateway/base/fault.hpp"
#include "gateway/formats/crypto/openssl_handles.hpp"

namespace caseway {
namespace {

constexpr std::size_t kNonceBytes = 12, kTagBytes = 16;

struct CipherDeleter {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

const std::uint8_t* bytesIn(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}
std::uint8_t* bytesIn(std::string& text, std::size_t at) {
    return reinterpret_cast<std::uint8_t*>(text.data()) + at;
}

[[noreturn]] void failed() {
    throw Fault(FaultCode::CryptoUnavailable, "AES-256-GCM: " + takeOpensslErrors());
}

}  // namespace

SealKey newSealKey() {
    const OpensslErrorScope scope;
    SealKey key{};
    if (RAND_priv_bytes(key.data(), static_cast<int>(key.size())) != 1) failed();
    return key;
}

std::string sealText(const SealKey& key, std::string_view name, std::string_view text) {
    const OpensslErrorScope scope;
    std::string sealed(kNonceBytes + kTagBytes + text.size(), '\0');
    const std::unique_ptr<EVP_CIPHER_CTX, CipherDeleter> context(EVP_CIPHER_CTX_new());
    int length = 0;
    const bool is_done =
        context && RAND_bytes(bytesIn(sealed, 0), kNonceBytes) == 1 &&
        EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), bytesIn(sealed, 0)) == 1 &&
        EVP_EncryptUpdate(context.get(), nullptr, &length, bytesIn(name), static_cast<int>(name.size())) == 1 &&
        EVP_EncryptUpdate(context.get(), bytesIn(sealed, kNonceBytes + kTagBytes), &length, bytesIn(text),
                          static_cast<int>(text.size())) == 1 &&
        EVP_EncryptFinal_ex(context.get(), bytesIn(sealed, sealed.size()), &length) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, bytesIn(sealed, kNonceBytes)) == 1;
    if (!is_done) failed();
    return sealed;
}

std::optional<std::string> openSealedText(const SealKey& key, std::string_view name, std::string_view sealed) {
    if (sealed.size() < kNonceBytes + kTagBytes) return std::nullopt;
    const OpensslErrorScope scope;
    std::string tag(sealed.substr(kNonceBytes, kTagBytes));
    const std::string_view closed = sealed.substr(kNonceBytes + kTagBytes);
    std::string text(closed.size(), '\0');
    const std::unique_ptr<EVP_CIPHER_CTX, CipherDeleter> context(EVP_CIPHER_CTX_new());
    int length = 0;
    const bool is_good =
        context && EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), bytesIn(sealed)) == 1 &&
        EVP_DecryptUpdate(context.get(), nullptr, &length, bytesIn(name), static_cast<int>(name.size())) == 1 &&
        EVP_DecryptUpdate(context.get(), bytesIn(text, 0), &length, bytesIn(closed), static_cast<int>(closed.size())) ==
            1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
        EVP_DecryptFinal_ex(context.get(), bytesIn(text, text.size()), &length) == 1;
    if (!is_good) return std::nullopt;
    return text;
}

}  // namespace caseway
