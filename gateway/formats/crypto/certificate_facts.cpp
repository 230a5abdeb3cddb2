// gateway/formats/crypto/certificate_facts.cpp - reading certificates without judging them.
#include "gateway/formats/crypto/certificate_facts.hpp"

#include <fmt/format.h>
#include <openssl/pem.h>

#include <array>
#include <utility>

#include "gateway/base/check.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/crypto/x509_parts.hpp"

namespace caseway {
namespace {

constexpr std::size_t kCertificateBytesMax = 64 * 1024;
constexpr std::size_t kCertificatesMax = 20;

Refusal notGood(std::string what) {
    return Refusal{"certificate_not_good", "certificate", std::move(what), "X.509 certificates, PEM or DER",
                   "Export the certificate again: openssl x509 -in FILE -out NEW.pem"};
}

std::string keyText(EVP_PKEY* key) {
    KeyKind kind{};
    const bool is_good = weaknessOf(key, kind).empty();
    if (EVP_PKEY_is_a(key, "RSA") == 1) return fmt::format("RSA {}", EVP_PKEY_get_bits(key));
    if (is_good) return std::string(nameOf(kind));
    std::array<char, 64> group{};
    std::size_t size = 0;
    if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1)
        return fmt::format("EC {}", std::string_view(group.data(), size));
    const char* const name = EVP_PKEY_get0_type_name(key);
    return name == nullptr ? "unknown" : name;
}

std::vector<std::string> usagesOf(X509* certificate) {
    constexpr std::pair<std::uint32_t, const char*> kUsages[] = {{KU_DIGITAL_SIGNATURE, "digitalSignature"},
                                                                 {KU_NON_REPUDIATION, "nonRepudiation"},
                                                                 {KU_KEY_ENCIPHERMENT, "keyEncipherment"},
                                                                 {KU_DATA_ENCIPHERMENT, "dataEncipherment"},
                                                                 {KU_KEY_AGREEMENT, "keyAgreement"},
                                                                 {KU_KEY_CERT_SIGN, "keyCertSign"},
                                                                 {KU_CRL_SIGN, "cRLSign"}};
    constexpr std::pair<std::uint32_t, const char*> kPurposes[] = {{XKU_SSL_SERVER, "serverAuth"},
                                                                   {XKU_SSL_CLIENT, "clientAuth"},
                                                                   {XKU_CODE_SIGN, "codeSigning"},
                                                                   {XKU_SMIME, "emailProtection"}};
    std::vector<std::string> names;
    const std::uint32_t usage = X509_get_key_usage(certificate);
    if (usage != UINT32_MAX)
        for (const auto& [bit, name] : kUsages)
            if ((usage & bit) != 0) names.emplace_back(name);
    const std::uint32_t purpose = X509_get_extended_key_usage(certificate);
    if (purpose != UINT32_MAX)
        for (const auto& [bit, name] : kPurposes)
            if ((purpose & bit) != 0) names.emplace_back(name);
    return names;
}

}  // namespace

std::string publicKeyDigest(EVP_PKEY* key) {
    unsigned char* bytes = nullptr;
    const int size = i2d_PUBKEY(key, &bytes);
    if (size <= 0) return {};
    const Sha256 digest =
        sha256(std::string_view(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)));
    OPENSSL_free(bytes);
    return toHex(digest);
}

Result<CertificateFacts> factsOfDer(std::string_view der) {
    const OpensslErrorScope errors;
    if (der.size() > kCertificateBytesMax) return notGood("larger than 64 KiB");
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const OpensslPtr<X509> parsed(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (!parsed) return notGood("cannot be read: " + takeOpensslErrors());
    if (reinterpret_cast<const char*>(at) != der.data() + der.size()) return notGood("bytes stand behind it");
    EVP_PKEY* const key = X509_get0_pubkey(parsed.get());
    const auto not_before = instantOf(X509_get0_notBefore(parsed.get())),
               not_after = instantOf(X509_get0_notAfter(parsed.get()));
    if (key == nullptr) return notGood("its key cannot be read");
    if (!not_before || !not_after) return notGood("its validity cannot be read");
    CertificateFacts facts;
    facts.id = KeyId(sha256(der));
    facts.subject = nameText(X509_get_subject_name(parsed.get()));
    facts.issuer = nameText(X509_get_issuer_name(parsed.get()));
    facts.serial = serialText(X509_get0_serialNumber(parsed.get()));
    facts.not_before = *not_before;
    facts.not_after = *not_after;
    facts.key = keyText(key);
    KeyKind kind{};
    facts.weakness = weaknessOf(key, kind);
    facts.key_digest = publicKeyDigest(key);
    facts.is_authority = X509_check_ca(parsed.get()) != 0;
    facts.is_self_signed =
        X509_NAME_cmp(X509_get_subject_name(parsed.get()), X509_get_issuer_name(parsed.get())) == 0 &&
        isSignedBy(parsed.get(), key);
    facts.usages = usagesOf(parsed.get());
    return facts;
}

Result<std::vector<std::string>> certificatesOfPem(std::string_view pem) {
    if (pem.size() > 2 * kCertificateBytesMax * kCertificatesMax) return notGood("larger than 2.5 MiB");
    auto blocks = pemBlocks(pem, "CERTIFICATE", kCertificatesMax + 1);
    if (blocks.empty()) return notGood("no BEGIN CERTIFICATE in it");
    if (blocks.size() > kCertificatesMax) return notGood("more than 20 certificates");
    return blocks;
}

std::string pemOfCertificate(std::string_view der) {
    const OpensslPtr<BIO> bio(BIO_new(BIO_s_mem()));
    CASEWAY_CHECK(PEM_write_bio(bio.get(), "CERTIFICATE", "", reinterpret_cast<const unsigned char*>(der.data()),
                                static_cast<long>(der.size())) > 0);
    return textOfBio(bio.get());
}

}  // namespace caseway
