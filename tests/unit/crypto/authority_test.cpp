// tests/unit/crypto/authority_test.cpp - requests, certificates of our own authority, revocation, and what a chain
// check says about each bad link.
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/test/unit_test.hpp>

#include "gateway/formats/crypto/certificate.hpp"
#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/crypto/chain_check.hpp"
#include "gateway/formats/crypto/chain_end.hpp"
#include "gateway/formats/crypto/issue_certificate.hpp"
#include "gateway/formats/crypto/openssl_handles.hpp"
#include "gateway/formats/crypto/revocation_list.hpp"
#include "gateway/formats/crypto/x509_parts.hpp"

using namespace caseway;

namespace {

const Instant kNow = *parseRfc3339("2026-05-04T08:30:00Z");
constexpr auto kDay = std::chrono::hours(24);
constexpr KeyKind kKinds[] = {KeyKind::EcP256, KeyKind::Rsa, KeyKind::Ed25519, KeyKind::Sm2};

Validity days(int from, int to) {
    return {kNow + from * kDay, kNow + to * kDay};
}

/// An authority with its key; one a kind, since keys are slow to make.
struct Authority {
    explicit Authority(KeyKind kind, Validity validity = days(-100, 1000), std::string_view name = "test authority")
        : key(PrivateKey::generate(kind)), der(makeAuthority(key, name, validity)) {}
    std::string issue(const PrivateKey& of, Validity validity = days(-10, 300)) const {
        const auto request = CertificateRequest::fromPem(CertificateRequest::make(of, "housing", "permits"));
        BOOST_REQUIRE(request.ok());
        return issueCertificate(*request, "housing", "permits", validity, der, key);
    }
    PrivateKey key;
    std::string der;
};

std::vector<std::string> codesOf(const ChainInput& input) {
    const auto report = checkChain(input);
    if (!report) return {report.error().code};
    std::vector<std::string> codes;
    for (const ChainFinding& finding : report->findings) {
        codes.push_back(finding.code);
        BOOST_TEST(!finding.hint.empty());
        BOOST_TEST(!finding.link.empty());
    }
    return codes;
}

using Codes = std::vector<std::string>;

std::string weakRequest(const char* type, const char* parameter, std::size_t bits) {
    EVP_PKEY* const key = bits != 0 ? EVP_PKEY_Q_keygen(nullptr, nullptr, type, bits)
                                    : EVP_PKEY_Q_keygen(nullptr, nullptr, type, parameter);
    X509_REQ* const made = X509_REQ_new();
    X509_REQ_set_pubkey(made, key);
    X509_REQ_sign(made, key, EVP_sha256());
    BIO* const bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509_REQ(bio, made);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string pem(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    X509_REQ_free(made);
    EVP_PKEY_free(key);
    return pem;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(CertificateRequests)

BOOST_AUTO_TEST_CASE(of_every_kind_of_key_hold) {
    for (const KeyKind kind : kKinds) {
        const auto read =
            CertificateRequest::fromPem(CertificateRequest::make(PrivateKey::generate(kind), "住建", "审批"));
        BOOST_TEST_REQUIRE(read.ok(), nameOf(kind));
        BOOST_TEST((read->key == kind));
        BOOST_TEST(read->subject == "CN=审批,O=住建");
    }
}

BOOST_AUTO_TEST_CASE(with_a_weak_key_are_refused) {
    BOOST_TEST(CertificateRequest::fromPem(weakRequest("RSA", nullptr, 1024)).error().code == "key_too_weak");
    BOOST_TEST(CertificateRequest::fromPem(weakRequest("EC", "P-384", 0)).error().code == "key_too_weak");
    BOOST_TEST(CertificateRequest::fromPem(weakRequest("EC", "secp256k1", 0)).error().code == "key_too_weak");
}

BOOST_AUTO_TEST_CASE(that_were_altered_are_refused) {
    const auto good =
        CertificateRequest::fromPem(CertificateRequest::make(PrivateKey::generate(KeyKind::EcP256), "a", "b"));
    std::string der = good->der;
    der.back() = static_cast<char>(der.back() ^ 1);
    BOOST_TEST(CertificateRequest::fromDer(der).error().code == "request_not_good");
    BOOST_TEST(CertificateRequest::fromDer(good->der + "x").error().code == "request_not_good");
    BOOST_TEST(CertificateRequest::fromPem("").error().code == "request_not_good");
    const std::string pem = CertificateRequest::make(PrivateKey::generate(KeyKind::EcP256), "a", "b");
    BOOST_TEST(CertificateRequest::fromPem(pem + pem).error().code == "request_not_good");
}

/// Wherever somebody touched it: what is told says so, with what to do, and nothing of OpenSSL's functions.
BOOST_AUTO_TEST_CASE(altered_in_any_byte_are_told_in_words) {
    for (const KeyKind kind : {KeyKind::EcP256, KeyKind::Ed25519, KeyKind::Sm2}) {
        const std::string good =
            CertificateRequest::fromPem(CertificateRequest::make(PrivateKey::generate(kind), "a", "b"))->der;
        for (std::size_t at = 0; at < good.size(); ++at) {
            for (const int flip : {0x01, 0x80, 0xff}) {
                std::string der = good;
                der[at] = static_cast<char>(der[at] ^ flip);
                const auto read = CertificateRequest::fromDer(der);
                BOOST_TEST_REQUIRE(!read.ok(), at);
                const Refusal& why = read.error();
                BOOST_TEST(why.value.find("altered") != std::string::npos, why.code + " " + why.value);
                BOOST_TEST(why.value.find("error:") == std::string::npos, why.value);
                BOOST_TEST(why.hint.find("handed over anew") != std::string::npos, why.hint);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(WhatCannotBeRead)

BOOST_AUTO_TEST_CASE(is_told_in_words) {
    const Authority authority(KeyKind::EcP256);
    const std::string& der = authority.der;
    const auto flipped = [](std::string bytes, std::size_t at) {
        bytes[at] = static_cast<char>(bytes[at] ^ 0xff);
        return bytes;
    };
    const auto told = [](const auto& read, const char* words) {
        BOOST_TEST_REQUIRE(!read.ok());
        BOOST_TEST(read.error().value.find(words) != std::string::npos, read.error().value);
        BOOST_TEST(read.error().value.find("error:") == std::string::npos, read.error().value);
    };
    told(Certificate::fromDer(""), "is empty");
    told(Certificate::fromDer("0"), "was cut off");
    told(Certificate::fromDer(der.substr(0, der.size() / 2)), "was cut off");
    told(Certificate::fromDer(flipped(der, 0)), "does not begin as DER does");
    told(Certificate::fromDer(flipped(der, 4)), "was altered after it was made");
    told(factsOfDer(flipped(der, 4)), "was altered after it was made");
    const std::string pem = pemOfCertificate(der);
    told(Certificate::fromPem(pem.substr(0, pem.size() / 2)), "begins or ends, and not both");
    told(Certificate::fromPem(flipped(pem, 100)), "begins or ends, and not both");
    told(Certificate::fromPem("hello"), "no BEGIN CERTIFICATE in it");
    told(Certificate::fromPem(pemOfCertificate(flipped(der, 4))), "was altered after it was made");
    RevocationList list;
    list.this_update = kNow;
    const std::string crl = pemBlocks(makeRevocationList(list, der, authority.key), "X509 CRL", 1).front();
    const OpensslPtr<BIO> bio(BIO_new(BIO_s_mem()));
    const std::string altered = flipped(crl, 4);
    PEM_write_bio(bio.get(), "X509 CRL", "", reinterpret_cast<const unsigned char*>(altered.data()),
                  static_cast<long>(altered.size()));
    told(RevocationList::unverified(textOfBio(bio.get())), "was altered after it was made");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ChainCheck)

BOOST_AUTO_TEST_CASE(takes_what_an_authority_of_any_kind_issued) {
    for (const KeyKind kind : kKinds) {
        const Authority authority(kind);
        for (const KeyKind leaf : {KeyKind::EcP256, KeyKind::Sm2}) {
            const std::string der = authority.issue(PrivateKey::generate(leaf));
            const auto report = checkChain({der, {}, {authority.der}, {}, kNow});
            BOOST_TEST_REQUIRE(report.ok());
            BOOST_TEST(report->isGood(), nameOf(kind));
            BOOST_TEST(report->ends_at_authority);
            BOOST_TEST(report->links.size() == 2U);
            BOOST_TEST(report->links[0].subject == "CN=permits,O=housing");
            BOOST_TEST(Certificate::fromDer(der).ok());
        }
    }
}

BOOST_AUTO_TEST_CASE(says_which_link_is_bad) {
    const PrivateKey key = PrivateKey::generate(KeyKind::EcP256);
    const Authority authority(KeyKind::EcP256), namesake(KeyKind::EcP256), old(KeyKind::EcP256, days(-100, -1));
    const auto codes = [&](const std::string& der, std::vector<std::string> authorities,
                           std::vector<std::string> between = {}) {
        return codesOf({der, std::move(between), std::move(authorities), {}, kNow});
    };
    BOOST_TEST(codes(authority.issue(key, days(-10, -1)), {authority.der}) == Codes{"certificate_expired"});
    BOOST_TEST(codes(authority.issue(key, days(1, 100)), {authority.der}) == Codes{"certificate_not_yet_valid"});
    BOOST_TEST(codes(authority.issue(key, days(-1, 20)), {authority.der}) == Codes{"expires_soon"});
    BOOST_TEST(codes(authority.issue(key), {}) == Codes{"issuer_missing"});
    BOOST_TEST(codes(authority.issue(key), {namesake.der}) == Codes{"issuer_differs"});
    BOOST_TEST(codes(authority.issue(key), {}, {authority.der}) == Codes{"issuer_not_trusted"});
    BOOST_TEST(codes(old.issue(key), {old.der}) == Codes{"certificate_expired"});
    BOOST_TEST(codes(Certificate::selfSigned(key, "permits", kNow - kDay, kNow + 100 * kDay), {}) ==
               Codes{"self_signed"});
    BOOST_TEST(codes("rubbish", {}) == Codes{"certificate_not_good"});
}

/// The end of a chain that was copied up to the end of a block is that of a chain whose root every client was given;
/// who issued it is told.
BOOST_AUTO_TEST_CASE(a_chain_ends_at_an_authority_or_names_whose_certificate_is_missing) {
    const Authority root(KeyKind::EcP256, days(-100, 1000), "a root"), other(KeyKind::EcP256);
    const PrivateKey middle_key = PrivateKey::generate(KeyKind::EcP256);
    const std::string middle = root.issue(middle_key),
                      leaf_pem = pemOfCertificate(root.issue(PrivateKey::generate(KeyKind::EcP256)));
    const auto of = [](const std::string& pem, const std::vector<std::string>& known) {
        const auto end = openChainEnd(pem, known);
        return end ? std::to_string(end->certificates) + " " + end->issuer : std::string("none");
    };
    const std::string issuer = factsOfDer(root.der)->subject;
    BOOST_TEST(of(leaf_pem, {}) == "1 " + issuer);
    BOOST_TEST(of(leaf_pem, {other.der}) == "1 " + issuer);
    BOOST_TEST(of(leaf_pem + pemOfCertificate(middle), {}) == "2 " + issuer);
    BOOST_TEST(of(leaf_pem, {other.der, root.der}) == "none");
    BOOST_TEST(of(leaf_pem + pemOfCertificate(root.der), {}) == "none");
    BOOST_TEST(of(pemOfCertificate(other.der), {}) == "none");
    BOOST_TEST(of("hello", {}) == "none");
}

BOOST_AUTO_TEST_CASE(refuses_a_certificate_that_signed_another) {
    const Authority authority(KeyKind::EcP256);
    const PrivateKey middle = PrivateKey::generate(KeyKind::EcP256), leaf = PrivateKey::generate(KeyKind::EcP256);
    const std::string middle_der = authority.issue(middle);
    const auto request = CertificateRequest::fromPem(CertificateRequest::make(leaf, "x", "y"));
    const std::string forged = issueCertificate(*request, "police", "residence", days(-1, 100), middle_der, middle);
    const Codes found = codesOf({forged, {middle_der}, {authority.der}, {}, kNow});
    BOOST_TEST(found.front() == "issuer_no_authority");
}

BOOST_AUTO_TEST_CASE(says_that_the_standard_user_id_is_missing) {
    const Authority authority(KeyKind::Sm2);
    const std::string der = authority.issue(PrivateKey::generate(KeyKind::Sm2));
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    X509* const certificate = d2i_X509(nullptr, &at, static_cast<long>(der.size()));
    const std::string key_pem = authority.key.toPem();
    BIO* const bio = BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size()));
    EVP_PKEY* const key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
    BOOST_REQUIRE(X509_sign(certificate, key, EVP_sm3()) > 0);  // OpenSSL's default: the empty user id
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(certificate, &bytes);
    const std::string without(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    BIO_free(bio);
    EVP_PKEY_free(key);
    X509_free(certificate);
    BOOST_TEST(codesOf({without, {}, {authority.der}, {}, kNow}) == Codes{"sm2_user_id_missing"});
}

BOOST_AUTO_TEST_CASE(finds_what_was_revoked) {
    for (const KeyKind kind : {KeyKind::EcP256, KeyKind::Sm2, KeyKind::Ed25519}) {
        const Authority authority(kind), other(kind);
        const std::string der = authority.issue(PrivateKey::generate(KeyKind::EcP256)),
                          spared = authority.issue(PrivateKey::generate(KeyKind::EcP256));
        RevocationList list;
        list.this_update = kNow - kDay;
        list.next_update = kNow + kDay;
        list.number = 7;
        list.revoked = {{factsOfDer(der)->serial, kNow - kDay}};
        const std::string pem = makeRevocationList(list, authority.der, authority.key);
        const auto read = RevocationList::fromPem(pem, authority.der);
        BOOST_TEST_REQUIRE(read.ok(), nameOf(kind));
        BOOST_TEST(read->number == 7U);
        BOOST_TEST((read->revoked == list.revoked));
        BOOST_TEST(RevocationList::fromPem(pem, other.der).error().code == "revocation_list_not_signed");
        BOOST_TEST(codesOf({der, {}, {authority.der}, {pem}, kNow}) == Codes{"certificate_revoked"});
        BOOST_TEST(codesOf({spared, {}, {authority.der}, {pem}, kNow}) == Codes{});
        BOOST_TEST(codesOf({spared, {}, {authority.der}, {pem}, kNow + 2 * kDay}) == Codes{"revocation_list_old"});
    }
}

BOOST_AUTO_TEST_CASE(believes_no_list_of_a_part) {
    const Authority authority(KeyKind::EcP256);
    RevocationList list;
    list.this_update = kNow - kDay;
    list.revoked = {{"1f", kNow - kDay}};
    const std::string whole = makeRevocationList(list, authority.der, authority.key);
    struct Extension {
        const char *name, *value, *told;
    };
    for (const Extension& one :
         {Extension{"deltaCRL", "critical,DER:020101", "a delta"},
          Extension{"issuingDistributionPoint", "critical,indirectCRL:TRUE", "distribution point"},
          Extension{"issuingDistributionPoint", "onlyuser:TRUE", "distribution point"},
          Extension{"1.2.3.4", "critical,DER:0500", "critical extension"}, Extension{"1.2.3.4", "DER:0500", ""}}) {
        const OpensslPtr<BIO> in(BIO_new_mem_buf(whole.data(), static_cast<int>(whole.size())));
        const OpensslPtr<X509_CRL> parsed(PEM_read_bio_X509_CRL(in.get(), nullptr, nullptr, nullptr));
        const OpensslPtr<X509_EXTENSION> extension(X509V3_EXT_conf(nullptr, nullptr, one.name, one.value));
        BOOST_REQUIRE_MESSAGE(extension != nullptr, one.name);
        X509_CRL_add_ext(parsed.get(), extension.get(), -1);
        BOOST_REQUIRE(X509_CRL_sign(parsed.get(), handleOf(authority.key), EVP_sha256()) > 0);
        const OpensslPtr<BIO> out(BIO_new(BIO_s_mem()));
        PEM_write_bio_X509_CRL(out.get(), parsed.get());
        char* text = nullptr;
        const long size = BIO_get_mem_data(out.get(), &text);
        const auto read =
            RevocationList::fromPem(std::string_view(text, static_cast<std::size_t>(size)), authority.der);
        BOOST_TEST(read.ok() == (*one.told == 0), one.name);
        if (read) continue;
        BOOST_TEST(read.error().code == "revocation_list_not_good");
        BOOST_TEST(read.error().value.find(one.told) != std::string::npos, read.error().value);
    }
}

BOOST_AUTO_TEST_SUITE_END()
