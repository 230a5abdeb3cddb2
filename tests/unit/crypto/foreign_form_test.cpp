// tests/unit/crypto/foreign_form_test.cpp - keys and certificates in the forms of other tools are told as what they
// are.
#include "gateway/formats/crypto/foreign_form.hpp"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <boost/test/unit_test.hpp>

#include "gateway/formats/crypto/certificate.hpp"
#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/crypto/certificate_request.hpp"
#include "gateway/formats/crypto/x509_parts.hpp"

using namespace caseway;

namespace {

const Instant kNow = *parseRfc3339("2026-05-04T08:30:00Z");

template <class Write>
std::string written(Write write) {
    const OpensslPtr<BIO> bio(BIO_new(BIO_s_mem()));
    write(bio.get());
    return textOfBio(bio.get());
}

const std::string& storeOf(const PrivateKey& key, const std::string& der) {
    static std::string bytes;
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const OpensslPtr<X509> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    PKCS12* const store = PKCS12_create("x", "x", handleOf(key), certificate.get(), nullptr, 0, 0, 1, 1, 0);
    bytes = written([&](BIO* bio) { i2d_PKCS12_bio(bio, store); });
    PKCS12_free(store);
    return bytes;
}

bool contains(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ForeignForm)

BOOST_AUTO_TEST_CASE(of_what_was_given_for_a_key_is_told) {
    const PrivateKey key = PrivateKey::generate(KeyKind::EcP256);
    const std::string der = Certificate::selfSigned(key, "x", kNow, kNow + std::chrono::hours(24));
    char password[] = "x";
    const auto sealed = [&](auto write) {
        return written([&](BIO* bio) { write(bio, handleOf(key), EVP_aes_128_cbc(), password, 1, nullptr, nullptr); });
    };
    const struct {
        std::string bytes;
        const char* what;
    } kCases[] = {
        {sealed(PEM_write_bio_PKCS8PrivateKey), "private key under a password"},
        {sealed([](BIO* bio, EVP_PKEY* of, const EVP_CIPHER* cipher, char* word, int size, auto, auto) {
             return PEM_write_bio_PrivateKey_traditional(bio, of, cipher, reinterpret_cast<unsigned char*>(word), size,
                                                         nullptr, nullptr);
         }),
         "private key under a password"},
        {sealed(i2d_PKCS8PrivateKey_bio), "under a password, in DER"},
        {written([&](BIO* bio) { i2d_PrivateKey_bio(bio, handleOf(key)); }), "private key in DER"},
        {written([&](BIO* bio) { i2d_PKCS8PrivateKeyInfo_bio(bio, handleOf(key)); }), "private key in DER"},
        {storeOf(key, der), "PKCS #12"},
        {"-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n", "OpenSSH"},
        {std::string("\xFE\xED\xFE\xED\x00\x00", 6), "Java key store"},
        {pemOfCertificate(der), "is a certificate"},
        {der, "is a certificate"},
        {CertificateRequest::make(key, "a", "b"), "is a request"},
        {key.publicPem(), "is a public key alone"},
        {"rubbish", "no private key that can be read"},
    };
    for (const auto& one : kCases) {
        const auto read = PrivateKey::fromPem(one.bytes);
        BOOST_REQUIRE(!read.ok());
        BOOST_TEST(contains(read.error().value, one.what), one.what << " / " << read.error().value);
        BOOST_TEST(!read.error().hint.empty());
    }
}

BOOST_AUTO_TEST_CASE(of_what_was_given_for_a_certificate_is_told) {
    const PrivateKey key = PrivateKey::generate(KeyKind::EcP256);
    const std::string der = Certificate::selfSigned(key, "x", kNow, kNow + std::chrono::hours(24));
    const struct {
        std::string bytes;
        const char* what;
    } kCases[] = {
        {storeOf(key, der), "PKCS #12"},
        {"-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----\n", "bundle of certificates"},
        {key.toPem(), "is a private key"},
        {key.publicPem(), "public key alone"},
        {"住建局", "in it"},
    };
    for (const auto& one : kCases) {
        const auto facts = factsOfPem(one.bytes);
        BOOST_REQUIRE(!facts.ok());
        BOOST_TEST(contains(facts.error().value, one.what), one.what << " / " << facts.error().value);
        const auto request = CertificateRequest::fromPem(one.bytes);
        BOOST_REQUIRE(!request.ok());
        BOOST_TEST(contains(request.error().value, one.what), request.error().value);
    }
    BOOST_TEST(contains(Certificate::fromPem(storeOf(key, der)).error().value, "PKCS #12"));
}

BOOST_AUTO_TEST_SUITE_END()
