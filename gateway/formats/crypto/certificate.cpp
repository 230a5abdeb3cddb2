// gateway/formats/crypto/certificate.cpp - decoding and making of certificates; a bounded cache, last used first.
#include "gateway/formats/crypto/certificate.hpp"

#include <openssl/asn1.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstring>

#include "gateway/base/check.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/crypto/foreign_form.hpp"
#include "gateway/formats/crypto/forgeable_key.hpp"
#include "gateway/formats/crypto/public_key_state.hpp"
#include "gateway/formats/crypto/x509_parts.hpp"

namespace caseway {
namespace {

constexpr std::size_t kCertificateBytesMax = 64 * 1024;

Refusal notGood(std::string what) {
    return Refusal{"certificate_not_good", "certificate", std::move(what), "one X.509 certificate, PEM or DER",
                   "Export the certificate again: openssl x509 -in FILE -out NEW.pem"};
}

/// Of PEM out of which OpenSSL reads none.
std::string whyNoCertificate(std::string_view pem) {
    const auto blocks = pemBlocks(pem, "CERTIFICATE", 1);
    if (!blocks.empty()) return "cannot be read: " + whyUnreadable(blocks.front());
    if (pem.find("CERTIFICATE-") == std::string_view::npos) return "no BEGIN CERTIFICATE in it";
    return "begins or ends, and not both: it was cut off, or a line of it is changed";
}

std::string derOf(const X509* certificate) {
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(certificate, &bytes);
    if (size <= 0) return {};
    std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

}  // namespace

Certificate::Certificate(std::string_view der, PublicKey key) : id_(sha256(der)), der_(der), key_(std::move(key)) {}

Result<CertificatePtr> Certificate::fromDer(std::string_view der) {
    const OpensslErrorScope errors;
    if (der.size() > kCertificateBytesMax) return notGood("larger than 64 KiB");
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const OpensslPtr<X509> parsed(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (!parsed) return notGood("cannot be read: " + whyUnreadable(der));
    if (reinterpret_cast<const char*>(at) != der.data() + der.size()) return notGood("bytes stand behind it");
    auto key = adoptPublicKey(OpensslPtr<EVP_PKEY>(X509_get_pubkey(parsed.get())));
    if (!key) return key.error();
    std::shared_ptr<Certificate> certificate(new Certificate(der, std::move(*key)));
    const auto not_before = instantOf(X509_get0_notBefore(parsed.get())),
               not_after = instantOf(X509_get0_notAfter(parsed.get()));
    if (!not_before || !not_after) return notGood("its validity cannot be read");
    certificate->not_before_ = *not_before;
    certificate->not_after_ = *not_after;
    certificate->subject_ = nameText(X509_get_subject_name(parsed.get()));
    return CertificatePtr(std::move(certificate));
}

Result<CertificatePtr> Certificate::fromPem(std::string_view pem) {
    const OpensslErrorScope errors;
    if (pem.size() > 2 * kCertificateBytesMax) return notGood("larger than 128 KiB");
    const OpensslPtr<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const OpensslPtr<X509> parsed(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!parsed) return withForm(notGood(whyNoCertificate(pem)), formInsteadOfCertificate(pem));
    const OpensslPtr<X509> second(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (second) {
        Refusal several = notGood("more than one certificate in one file");
        several.hint =
            "give that of the system alone (caseway cert show FILE lists them); those above it: caseway cert ca add "
            "NAME FILE";
        return several;
    }
    return fromDer(derOf(parsed.get()));
}

std::string Certificate::selfSigned(const PrivateKey& key, std::string_view common_name, Instant not_before,
                                    Instant not_after, const std::string& alternative_names) {
    const OpensslErrorScope errors;
    const OpensslPtr<X509> made(X509_new());
    X509_set_version(made.get(), X509_VERSION_3);
    std::array<std::uint8_t, 8> serial{};
    const Sha256 seed = sha256(key.publicPem());
    std::memcpy(serial.data(), seed.bytes.data(), serial.size());
    serial[0] &= 0x7F;
    std::uint64_t number = 0;
    for (const std::uint8_t byte : serial) number = number << 8 | byte;
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), number);
    setTime(X509_getm_notBefore(made.get()), not_before);
    setTime(X509_getm_notAfter(made.get()), not_after);
    X509_NAME* const name = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common_name.data()),
                               static_cast<int>(common_name.size()), -1, 0);
    X509_set_issuer_name(made.get(), name);
    X509_set_pubkey(made.get(), handleOf(key));
    if (!alternative_names.empty()) {
        const OpensslPtr<X509_EXTENSION> names(
            X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternative_names.c_str()));
        CASEWAY_CHECK(names && X509_add_ext(made.get(), names.get(), -1) == 1);
    }
    signX509(made.get(), key);
    return derOf(made.get());
}

std::string Certificate::pem() const {
    const auto* at = reinterpret_cast<const unsigned char*>(der_.data());
    const OpensslPtr<X509> parsed(d2i_X509(nullptr, &at, static_cast<long>(der_.size())));
    const OpensslPtr<BIO> bio(BIO_new(BIO_s_mem()));
    CASEWAY_CHECK(parsed && PEM_write_bio_X509(bio.get(), parsed.get()) == 1);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::size_t CertificateCache::HashOfId::operator()(const KeyId& id) const {
    std::size_t value = 0;
    std::memcpy(&value, id.digest().bytes.data(), sizeof value);
    return value;
}

Result<CertificatePtr> CertificateCache::get(const KeyId& id, std::string_view der) {
    {
        const std::lock_guard lock(mutex_);
        const auto found = places_.find(id);
        if (found != places_.end()) {
            order_.splice(order_.begin(), order_, found->second);
            return *found->second;
        }
    }
    auto decoded = Certificate::fromDer(der);
    if (!decoded) return decoded;
    CASEWAY_CHECK((*decoded)->id() == id);
    if (forgeable_ == ForgeableKeys::Refused)
        if (std::string why = whyForgeable(handleOf((*decoded)->key())); !why.empty())
            return Refusal{"key_forgeable", "certificate", std::move(why), "a key with which only its holder can sign",
                           "Make a new key and have it registered: caseway cert request"};
    const std::lock_guard lock(mutex_);
    if (places_.contains(id)) return decoded;
    order_.push_front(*decoded);
    places_[id] = order_.begin();
    if (order_.size() > capacity_) {
        places_.erase(order_.back()->id());
        order_.pop_back();
    }
    return decoded;
}

std::size_t CertificateCache::size() const {
    const std::lock_guard lock(mutex_);
    return order_.size();
}

}  // namespace caseway
