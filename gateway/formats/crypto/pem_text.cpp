// gateway/formats/crypto/pem_text.cpp - three kinds of DER, told by reading them; PEM by its lines.
#include "gateway/formats/crypto/pem_text.hpp"

#include <openssl/pem.h>

#include "gateway/base/check.hpp"
#include "gateway/formats/crypto/openssl_handles.hpp"
#include "gateway/formats/crypto/x509_parts.hpp"

namespace caseway {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ", kEnd = "-----END ", kDashes = "-----";
constexpr std::string_view kBlanks = " \t\r\n";
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

bool breaksOff(std::string_view pem) {
    const std::size_t last = pem.find_last_not_of(kBlanks);
    if (last == std::string_view::npos) return true;
    pem = pem.substr(0, last + 1);
    const std::string_view line = pem.substr(pem.find_last_of('\n') + 1);  // npos + 1: the only one
    const bool is_whole = line.size() > kBegin.size() && line.ends_with(kDashes);
    if (line.starts_with('-') && !is_whole) return true;
    const std::size_t begin = pem.rfind(kBegin);
    return begin != std::string_view::npos && pem.find(kEnd, begin) == std::string_view::npos;
}

Fault brokenOff(const std::string& place, std::string_view text) {
    const bool is_empty = text.find_first_not_of(kBlanks) == std::string_view::npos;
    return {FaultCode::FileUnavailable, place + (is_empty ? " is empty" : " breaks off"),
            "where it is just being copied or renewed: try again; else put the whole file there, or take it away"};
}

}  // namespace caseway
