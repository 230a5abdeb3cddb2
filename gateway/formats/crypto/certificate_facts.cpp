// gateway/formats/crypto/certificate_facts.cpp - reading certificates without judging them.
#include "gateway/formats/crypto/certificate_facts.hpp"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>

#include <array>
#include <utility>

#include "gateway/base/check.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/crypto/foreign_form.hpp"
#include "gateway/formats/crypto/forgeable_key.hpp"
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

/// A key on a curve by the name of the curve and its whole point, however it came: compressed, hybrid, or with the
/// curve spelled out. Null where that is not known, and for keys of other kinds, which have one form only.
OpensslPtr<EVP_PKEY> inUsualForm(EVP_PKEY* key) {
    if (EVP_PKEY_is_a(key, "EC") != 1 && EVP_PKEY_is_a(key, "SM2") != 1) return nullptr;
    std::array<char, 64> group{};
    std::size_t group_size = 0;
    BIGNUM *x = nullptr, *y = nullptr;
    const bool has_point = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_X, &x) == 1 &&
                           EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_Y, &y) == 1;
    const OpensslPtr<BIGNUM> owned_x(x), owned_y(y);
    if (!has_point || EVP_PKEY_get_group_name(key, group.data(), group.size(), &group_size) != 1) return nullptr;
    const auto field = static_cast<std::size_t>((EVP_PKEY_get_bits(key) + 7) / 8);
    std::vector<unsigned char> point(1 + 2 * field, POINT_CONVERSION_UNCOMPRESSED);
    if (BN_bn2binpad(x, point.data() + 1, static_cast<int>(field)) < 0 ||
        BN_bn2binpad(y, point.data() + 1 + field, static_cast<int>(field)) < 0)
        return nullptr;
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group_size),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY* made = nullptr;
    const OpensslPtr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, EVP_PKEY_get0_type_name(key), nullptr));
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
        return nullptr;
    return OpensslPtr<EVP_PKEY>(made);
}

}  // namespace

std::string publicKeyDigest(EVP_PKEY* key) {
    const OpensslErrorScope errors;
    const OpensslPtr<EVP_PKEY> usual = inUsualForm(key);
    unsigned char* bytes = nullptr;
    const int size = i2d_PUBKEY(usual ? usual.get() : key, &bytes);
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
    if (!parsed) return notGood("cannot be read: " + whyUnreadable(der));
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
    facts.is_marked_authority = (X509_get_extension_flags(parsed.get()) & EXFLAG_CA) != 0;
    facts.is_self_signed =
        X509_NAME_cmp(X509_get_subject_name(parsed.get()), X509_get_issuer_name(parsed.get())) == 0 &&
        isSignedBy(parsed.get(), key);
    facts.usages = usagesOf(parsed.get());
    return facts;
}

std::string whyKeyForgeable(std::string_view der) {
    const OpensslErrorScope errors;
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const OpensslPtr<X509> parsed(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    EVP_PKEY* const key = parsed ? X509_get0_pubkey(parsed.get()) : nullptr;
    return key == nullptr ? std::string() : whyForgeable(key);
}

bool isIssuedBy(std::string_view der, std::string_view issuer_der) {
    const OpensslErrorScope errors;
    const auto parsed = [](std::string_view bytes) {
        const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
        return OpensslPtr<X509>(d2i_X509(nullptr, &at, static_cast<long>(bytes.size())));
    };
    const OpensslPtr<X509> certificate = parsed(der), issuer = parsed(issuer_der);
    return certificate && issuer &&
           X509_NAME_cmp(X509_get_issuer_name(certificate.get()), X509_get_subject_name(issuer.get())) == 0 &&
           isSignedBy(certificate.get(), X509_get0_pubkey(issuer.get()));
}

Result<std::vector<std::string>> certificatesOfPem(std::string_view pem) {
    if (pem.size() > 2 * kCertificateBytesMax * kCertificatesMax) return notGood("larger than 2.5 MiB");
    auto blocks = pemBlocks(pem, "CERTIFICATE", kCertificatesMax + 1);
    if (blocks.empty()) return withForm(notGood("no BEGIN CERTIFICATE in it"), formInsteadOfCertificate(pem));
    if (blocks.size() > kCertificatesMax) return notGood("more than 20 certificates");
    return blocks;
}

Result<CertificateFacts> factsOfPem(std::string_view pem) {
    const auto blocks = certificatesOfPem(pem);
    return blocks ? factsOfDer(blocks->front()) : Result<CertificateFacts>(blocks.error());
}

std::string pemOfCertificate(std::string_view der) {
    const OpensslPtr<BIO> bio(BIO_new(BIO_s_mem()));
    CASEWAY_CHECK(PEM_write_bio(bio.get(), "CERTIFICATE", "", reinterpret_cast<const unsigned char*>(der.data()),
                                static_cast<long>(der.size())) > 0);
    return textOfBio(bio.get());
}

}  // namespace caseway
