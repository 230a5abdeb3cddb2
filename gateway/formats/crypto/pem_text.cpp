// gateway/formats/crypto/pem_text.cpp - three kinds of DER, told by reading them.
#include "gateway/formats/crypto/pem_text.hpp"

#include <openssl/pem.h>

#include "gateway/base/check.hpp"
#include "gateway/formats/crypto/openssl_handles.hpp"
#include "gateway/formats/crypto/x509_parts.hpp"

namespace caseway {
namespace {

constexpr char kSequence = '\x30';  // how each of them begins, and no PEM

/// Whether `read` takes all of the bytes as one object.
template <class Object>
bool isWhole(const std::string& bytes, Object* (*read)(Object**, const unsigned char**, long)) {
    const auto* const begin = reinterpret_cast<const unsigned char*>(bytes.data());
    const auto* at = begin;
    const OpensslPtr<Object> object(read(nullptr, &at, static_cast<long>(bytes.size())));
    return object && at == begin + bytes.size();
}

const char* labelOf(const std::string& bytes) {
    if (isWhole<X509>(bytes, d2i_X509)) return "CERTIFICATE";
    if (isWhole<X509_REQ>(bytes, d2i_X509_REQ)) return "CERTIFICATE REQUEST";
    return isWhole<X509_CRL>(bytes, d2i_X509_CRL) ? "X509 CRL" : nullptr;
}

}  // namespace

std::string asPem(std::string bytes) {
    const OpensslErrorScope errors;
    const char* const label = bytes.empty() || bytes.front() != kSequence ? nullptr : labelOf(bytes);
    if (label == nullptr) return bytes;
    const OpensslPtr<BIO> bio(BIO_new(BIO_s_mem()));
    CASEWAY_CHECK(PEM_write_bio(bio.get(), label, "", reinterpret_cast<const unsigned char*>(bytes.data()),
                                static_cast<long>(bytes.size())) > 0);
    return textOfBio(bio.get());
}

}  // namespace caseway
