// tests/unit/crypto/keys_test.cpp - signing and verifying with every kind of key the protocol takes, and the refusal of
// all others.
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <set>
#include <thread>

#include "gateway/formats/crypto/certificate.hpp"
#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/crypto/certificate_request.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/crypto/ecdsa_signature.hpp"
#include "gateway/formats/crypto/openssl_handles.hpp"
#include "tests/support/key_spellings.hpp"

using namespace caseway;
namespace data = boost::unit_test::data;

namespace {

constexpr SignatureAlgorithm kAlgorithms[] = {SignatureAlgorithm::EcdsaP256Sha256, SignatureAlgorithm::RsaPkcs1Sha256,
                                              SignatureAlgorithm::RsaPssSha256,    SignatureAlgorithm::RsaPssSha512,
                                              SignatureAlgorithm::Ed25519,         SignatureAlgorithm::Sm2Sm3};

Instant at(int year) {
    return std::chrono::sys_days(std::chrono::year(year) / 1 / 1);
}

const PrivateKey& keyOf(KeyKind kind) {
    static const PrivateKey kKeys[] = {PrivateKey::generate(KeyKind::EcP256), PrivateKey::generate(KeyKind::Rsa),
                                       PrivateKey::generate(KeyKind::Ed25519), PrivateKey::generate(KeyKind::Sm2)};
    return kKeys[static_cast<std::size_t>(kind)];
}

std::string pemOf(EVP_PKEY* key) {
    const OpensslPtr<EVP_PKEY> owned(key);
    const OpensslPtr<BIO> bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PUBKEY(bio.get(), owned.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

/// The bytes of the public key as they stand in the certificate.
std::string spkiOf(const std::string& der) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    const OpensslPtr<X509> certificate(d2i_X509(nullptr, &bytes, static_cast<long>(der.size())));
    unsigned char* made = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &made);
    std::string spki(reinterpret_cast<char*>(made), static_cast<std::size_t>(size));
    OPENSSL_free(made);
    return spki;
}

}  // namespace

namespace caseway {
std::ostream& operator<<(std::ostream& out, SignatureAlgorithm algorithm) {
    return out << static_cast<int>(algorithm);
}
}  // namespace caseway

BOOST_AUTO_TEST_SUITE(Keys)

BOOST_DATA_TEST_CASE(verify_what_they_signed_and_nothing_else, data::make(kAlgorithms), algorithm) {
    const PrivateKey& key = keyOf(keyKindOf(algorithm));
    const auto public_key = PublicKey::fromPem(key.publicPem());
    BOOST_REQUIRE(public_key);
    const std::string signature = key.sign(algorithm, bytesOf("a message"));
    for (int round = 0; round < 3; ++round) {
        BOOST_TEST(public_key->verify(algorithm, bytesOf("a message"), bytesOf(signature)));
        BOOST_TEST(!public_key->verify(algorithm, bytesOf("a messagE"), bytesOf(signature)));
    }
    std::string damaged = signature;
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
    BOOST_TEST(!public_key->verify(algorithm, bytesOf("a message"), bytesOf(damaged)));
    BOOST_TEST(!public_key->verify(algorithm, bytesOf("a message"), bytesOf(signature.substr(1))));
    BOOST_TEST(!public_key->verify(algorithm, bytesOf("a message"), {}));
    BOOST_TEST(ERR_peek_error() == 0U);
}

constexpr SignatureAlgorithm kRsaAlgorithms[] = {SignatureAlgorithm::RsaPkcs1Sha256, SignatureAlgorithm::RsaPssSha256,
                                                 SignatureAlgorithm::RsaPssSha512};

BOOST_DATA_TEST_CASE(verify_no_rsa_signature_of_another_length, data::make(kRsaAlgorithms), algorithm) {
    const PrivateKey& key = keyOf(KeyKind::Rsa);
    const auto public_key = PublicKey::fromPem(key.publicPem());
    std::string message;
    std::string signature = "none";  // of 256 signatures one begins with a zero: the same number without it
    for (int i = 0; signature[0] != '\0'; ++i) {
        message = "message " + std::to_string(i);
        signature = key.sign(algorithm, bytesOf(message));
    }
    BOOST_TEST(public_key->verify(algorithm, bytesOf(message), bytesOf(signature)));
    BOOST_TEST(!public_key->verify(algorithm, bytesOf(message), bytesOf(signature.substr(1))));
    const std::string longer = '\0' + signature;
    BOOST_TEST(!public_key->verify(algorithm, bytesOf(message), bytesOf(longer)));
}

BOOST_DATA_TEST_CASE(verify_by_no_other_algorithm, data::make(kAlgorithms) * data::make(kAlgorithms), signed_by,
                     other) {
    if (signed_by == other) return;
    const PrivateKey& key = keyOf(keyKindOf(signed_by));
    const auto public_key = PublicKey::fromPem(key.publicPem());
    BOOST_TEST(!public_key->verify(other, bytesOf("m"), bytesOf(key.sign(signed_by, bytesOf("m")))));
}

BOOST_AUTO_TEST_CASE(can_be_used_by_several_threads_at_once) {
    const PrivateKey& key = keyOf(KeyKind::EcP256);
    const auto public_key = PublicKey::fromPem(key.publicPem());
    const std::string signature = key.sign(SignatureAlgorithm::EcdsaP256Sha256, bytesOf("m"));
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i)
                good += public_key->verify(SignatureAlgorithm::EcdsaP256Sha256, bytesOf("m"), bytesOf(signature));
        });
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(good == 200);
}

BOOST_AUTO_TEST_CASE(refuse_weak_and_unknown_kinds) {
    const std::string pems[] = {pemOf(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024})),
                                pemOf(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384")),
                                pemOf(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "secp256k1")),
                                pemOf(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519")),
                                pemOf(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448")),
                                "nothing"};
    for (const std::string& pem : pems) {
        const auto key = PublicKey::fromPem(pem);
        BOOST_REQUIRE(!key);
        BOOST_TEST(key.error().code == "certificate_not_good");
        BOOST_TEST(!key.error().hint.empty());
    }
}

BOOST_AUTO_TEST_CASE(survive_their_pem) {
    for (const KeyKind kind : {KeyKind::EcP256, KeyKind::Rsa, KeyKind::Ed25519, KeyKind::Sm2}) {
        const auto again = PrivateKey::fromPem(keyOf(kind).toPem());
        BOOST_REQUIRE(again);
        BOOST_TEST(again->publicPem() == keyOf(kind).publicPem());
        BOOST_TEST((again->kind() == kind));
    }
    BOOST_TEST(!PrivateKey::fromPem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(EcdsaSignature)

BOOST_AUTO_TEST_CASE(is_the_same_in_both_writings) {
    std::string raw(64, '\0');
    for (const unsigned char first : {0x00, 0x01, 0x7F, 0x80, 0xFF}) {
        raw[0] = static_cast<char>(first);
        raw[33] = static_cast<char>(first);
        raw[31] = raw[63] = 5;
        const auto der = ecdsaRawToDer(bytesOf(raw));
        BOOST_REQUIRE(der);
        const auto back = ecdsaDerToRaw(der->view());
        BOOST_REQUIRE(back);
        BOOST_TEST(*back == raw);
    }
    BOOST_TEST(!ecdsaRawToDer(bytesOf(raw.substr(1))));
    BOOST_TEST(!ecdsaDerToRaw(bytesOf(std::string("\x30\x08\x02\x02\x00\x01\x02\x02\x00\x01", 10))));
    BOOST_TEST(!ecdsaDerToRaw(bytesOf(std::string("\x30\x06\x02\x01\x81\x02\x01\x01", 8))));
    BOOST_TEST(!ecdsaDerToRaw(bytesOf(std::string("\x30\x06\x02\x01\x01\x02\x01\x01\x00", 9))));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(Certificates)

BOOST_AUTO_TEST_CASE(say_id_validity_and_key) {
    for (const KeyKind kind : {KeyKind::EcP256, KeyKind::Rsa, KeyKind::Ed25519, KeyKind::Sm2}) {
        const std::string der = Certificate::selfSigned(keyOf(kind), "housing/permits", at(2025), at(2035));
        const auto certificate = Certificate::fromDer(der);
        BOOST_REQUIRE(certificate);
        BOOST_TEST((*certificate)->subject() == "CN=housing/permits");
        BOOST_TEST(((*certificate)->notBefore() == at(2025)));
        BOOST_TEST(((*certificate)->notAfter() == at(2035)));
        BOOST_TEST(((*certificate)->key().kind() == kind));
        const auto again = Certificate::fromPem((*certificate)->pem());
        BOOST_REQUIRE(again);
        BOOST_TEST(((*again)->id() == (*certificate)->id()));
    }
}

BOOST_AUTO_TEST_CASE(refuse_what_is_not_exactly_one) {
    const std::string der = Certificate::selfSigned(keyOf(KeyKind::EcP256), "a", at(2025), at(2035));
    const std::string pem = (*Certificate::fromDer(der))->pem();
    BOOST_TEST(!Certificate::fromDer(der + "x"));
    BOOST_TEST(!Certificate::fromDer(der.substr(0, der.size() - 1)));
    BOOST_TEST(!Certificate::fromDer(""));
    BOOST_TEST(!Certificate::fromPem(pem + pem));
    BOOST_TEST(!Certificate::fromPem("hello"));
    BOOST_TEST(ERR_peek_error() == 0U);
}

BOOST_AUTO_TEST_CASE(are_decoded_once_and_bounded) {
    CertificateCache cache(2);
    std::vector<std::string> ders;
    for (const char* name : {"a", "b", "c"})
        ders.push_back(Certificate::selfSigned(keyOf(KeyKind::EcP256), name, at(2025), at(2035)));
    const auto idOf = [&](std::size_t i) { return (*Certificate::fromDer(ders[i]))->id(); };
    const CertificatePtr first = *cache.get(idOf(0), ders[0]);
    BOOST_TEST((first == *cache.get(idOf(0), ders[0])));
    BOOST_TEST(cache.get(idOf(1), ders[1]).ok());
    BOOST_TEST((first == *cache.get(idOf(0), ders[0])));
    BOOST_TEST(cache.get(idOf(2), ders[2]).ok());
    BOOST_TEST(cache.size() == 2U);
    BOOST_TEST((first == *cache.get(idOf(0), ders[0])));
}

BOOST_AUTO_TEST_CASE(are_one_key_however_they_are_spelled) {
    for (const KeyKind kind : {KeyKind::EcP256, KeyKind::Sm2}) {
        std::string usual;
        std::set<std::string> encodings;
        for (const auto& [name, key] : fixture::spellingsOf(keyOf(kind))) {
            const std::string der = Certificate::selfSigned(key, "x", at(2026), at(2027));
            const auto facts = factsOfDer(der);
            BOOST_REQUIRE_MESSAGE(facts.ok(), name);
            if (usual.empty()) usual = facts->key_digest;
            BOOST_TEST(facts->key_digest == usual, name);
            const auto request = CertificateRequest::fromPem(CertificateRequest::make(key, "x", "y"));
            BOOST_REQUIRE_MESSAGE(request.ok(), name);
            BOOST_TEST(request->key_digest == usual, name);
            encodings.insert(spkiOf(der));
        }
        BOOST_TEST(encodings.size() == 6U);
        // The usual form is digested as it stands: what was computed of it stays.
        BOOST_TEST(usual == toHex(sha256(spkiOf(Certificate::selfSigned(keyOf(kind), "x", at(2026), at(2027))))));
        BOOST_TEST(
            usual !=
            factsOfDer(Certificate::selfSigned(PrivateKey::generate(kind), "x", at(2026), at(2027)))->key_digest);
    }
}

BOOST_AUTO_TEST_SUITE_END()
