// tests/unit/crypto/pem_text_test.cpp - what is handed in as DER is read like its PEM, and nothing else is touched.
#include "gateway/formats/crypto/pem_text.hpp"

#include <boost/test/unit_test.hpp>

#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/crypto/certificate_request.hpp"
#include "gateway/formats/crypto/issue_certificate.hpp"
#include "gateway/formats/crypto/revocation_list.hpp"
#include "gateway/formats/crypto/x509_parts.hpp"

using namespace caseway;

namespace {

const Instant kNow = *parseRfc3339("2026-05-04T08:30:00Z");

}  // namespace

BOOST_AUTO_TEST_SUITE(PemText)

BOOST_AUTO_TEST_CASE(of_certificates_requests_and_lists_is_their_der) {
    const PrivateKey key = PrivateKey::generate(KeyKind::EcP256);
    const std::string der = makeAuthority(key, "Province", {kNow, kNow + std::chrono::hours(24)});
    BOOST_TEST(asPem(der) == pemOfCertificate(der));
    const std::string request = CertificateRequest::make(key, "housing", "permits");
    BOOST_TEST(asPem(CertificateRequest::fromPem(request)->der) == request);
    RevocationList list;
    list.this_update = kNow;
    list.revoked.push_back({"5f", kNow});
    const std::string pem = makeRevocationList(list, der, key);
    BOOST_TEST(asPem(pemBlocks(pem, "X509 CRL", 1).front()) == pem);
    const auto read = RevocationList::unverified(pem);
    BOOST_REQUIRE(read.ok());
    BOOST_TEST(read->issuer == "CN=Province");
    BOOST_TEST((read->revoked == list.revoked));
}

BOOST_AUTO_TEST_CASE(of_anything_else_is_as_it_is) {
    const std::string der = makeAuthority(PrivateKey::generate(KeyKind::EcP256), "x", {kNow, kNow});
    for (const std::string& bytes : {std::string(), std::string("hello"), pemOfCertificate(der), der + "x",
                                     der.substr(0, der.size() - 1), std::string("\x30\x00", 2), std::string("0")})
        BOOST_TEST(asPem(bytes) == bytes);
}

/// As whoever reads it finds it while it is copied: it is whole only where nothing is missing of a block.
BOOST_AUTO_TEST_CASE(breaks_off_wherever_a_copy_of_it_stands_in_a_block) {
    const std::string pem = pemOfCertificate(makeAuthority(PrivateKey::generate(KeyKind::EcP256), "x", {kNow, kNow}));
    const std::size_t whole = pem.find_last_of('-') + 1;
    for (std::size_t size = 0; size <= pem.size(); ++size) {
        BOOST_TEST(breaksOff(pem.substr(0, size)) == (size < whole), size);
        if (size != 0)
            BOOST_TEST(breaksOff(pem + pem.substr(0, size)) == (size < whole), size);  // the second of a chain
    }
    BOOST_TEST(!breaksOff("subject=CN = x\r\n" + pem + "\r\n\r\n"));
    BOOST_TEST(!breaksOff("no key"));
    BOOST_TEST(breaksOff(" \r\n"));
}

BOOST_AUTO_TEST_CASE(what_breaks_off_is_told_with_its_place_and_may_be_whole_at_the_next_try) {
    for (const auto& [pem, told] : {std::pair("", "file_unavailable: a.pem is empty"),
                                    {" \n", "file_unavailable: a.pem is empty"},
                                    {"-----BEGIN X", "file_unavailable: a.pem breaks off"}}) {
        const Fault fault = brokenOff("a.pem", pem);
        BOOST_TEST((fault.code() == FaultCode::FileUnavailable));
        BOOST_TEST(fault.what() == std::string(told));
        BOOST_TEST(fault.hint().find("try again") != std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
