// tests/unit/crypto/weak_signature_test.cpp - what is signed over a digest of which collisions can be made is told as
// that, by RSA's two ways and ECDSA alike; the signature of a certificate by itself proves nothing, and is not judged.
#include <boost/test/unit_test.hpp>

#include "gateway/formats/crypto/certificate_request.hpp"
#include "gateway/formats/crypto/chain_check.hpp"
#include "gateway/formats/crypto/issue_certificate.hpp"
#include "gateway/formats/crypto/revocation_list.hpp"
#include "tests/support/weak_signatures.hpp"

using namespace caseway;
using fixture::kWeakDigests;
using fixture::WeakDigest;

namespace {

const Instant kNow = *parseRfc3339("2026-05-04T08:30:00Z");
constexpr auto kDay = std::chrono::hours(24);
constexpr const char* kCode = "signature_too_weak";

struct Authority {
    explicit Authority(KeyKind kind)
        : key(PrivateKey::generate(kind)),
          der(makeAuthority(key, "Province", {kNow - 100 * kDay, kNow + 1000 * kDay})) {}
    PrivateKey key;
    std::string der;
};

/// The codes of what is bad in the chain of `der`.
std::string badOf(const std::string& der, const std::string& authority, std::vector<std::string> lists = {}) {
    const auto report = checkChain({der, {}, {authority}, std::move(lists), kNow});
    BOOST_REQUIRE(report.ok());
    std::string codes;
    for (const ChainFinding& finding : report->findings)
        if (finding.is_bad) codes += (codes.empty() ? "" : " ") + finding.code;
    return codes;
}

template <class Try>
void withEach(Try tried) {
    for (const KeyKind kind : {KeyKind::Rsa, KeyKind::EcP256}) {
        const Authority authority(kind);
        for (const WeakDigest& digest : kWeakDigests) {
            if (kind == KeyKind::EcP256 && (digest.by_pss || std::string_view(digest.name) != "SHA1")) continue;
            BOOST_TEST_CONTEXT(nameOf(kind) << " " << digest.name << (digest.by_pss ? " PSS" : ""))
            tried(authority, digest);
        }
    }
}

std::string issuedBy(const Authority& authority) {
    const PrivateKey key = PrivateKey::generate(KeyKind::EcP256);
    const auto request = CertificateRequest::fromPem(CertificateRequest::make(key, "housing", "permits"));
    return issueCertificate(*request, "housing", "permits", {kNow - kDay, kNow + 90 * kDay}, authority.der,
                            authority.key);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(WeakSignatures)

BOOST_AUTO_TEST_CASE(of_requests_are_refused) {
    withEach([](const Authority& authority, const WeakDigest& digest) {
        const std::string made = CertificateRequest::make(authority.key, "housing", "permits");
        const std::string pem = fixture::requestOver(digest, made, handleOf(authority.key));
        if (pem.empty()) return;  // this OpenSSL has no such digest
        const auto read = CertificateRequest::fromPem(pem);
        BOOST_TEST(read.ok() == !digest.is_weak);
        if (read) return;
        BOOST_TEST(read.error().code == kCode);
        BOOST_TEST(read.error().value.find(digest.name) != std::string::npos, read.error().value);
    });
}

BOOST_AUTO_TEST_CASE(of_certificates_are_bad_but_for_their_own) {
    withEach([](const Authority& authority, const WeakDigest& digest) {
        const std::string good = issuedBy(authority);
        const std::string der = fixture::certificateOver(digest, good, handleOf(authority.key));
        if (der.empty()) return;
        BOOST_TEST(badOf(der, authority.der) == (digest.is_weak ? kCode : ""));
        BOOST_TEST(badOf(good, fixture::certificateOver(digest, authority.der, handleOf(authority.key))) == "");
    });
}

BOOST_AUTO_TEST_CASE(of_lists_are_told_and_what_was_taken_once_still_revokes) {
    withEach([](const Authority& authority, const WeakDigest& digest) {
        const std::string der = issuedBy(authority);
        RevocationList list;
        list.this_update = kNow - kDay;
        list.revoked = {{factsOfDer(der)->serial, kNow - kDay}};
        const std::string pem =
            fixture::listOver(digest, makeRevocationList(list, authority.der, authority.key), handleOf(authority.key));
        if (pem.empty()) return;
        const auto read = RevocationList::fromPem(pem, authority.der);
        BOOST_TEST_REQUIRE(read.ok());
        BOOST_TEST(read->weak_digest.empty() == !digest.is_weak);
        BOOST_TEST(badOf(der, authority.der, {pem}) == "certificate_revoked");
    });
}

BOOST_AUTO_TEST_SUITE_END()
