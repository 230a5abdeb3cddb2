// tests/unit/crypto/forgeable_key_test.cpp - keys with which anybody can sign are known as such wherever a key comes
// in.
#include "gateway/formats/crypto/forgeable_key.hpp"

#include <openssl/pem.h>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

#include "gateway/formats/crypto/chain_check.hpp"
#include "tests/support/forgeable_keys.hpp"

using namespace caseway;
namespace data = boost::unit_test::data;

namespace {

const Instant kNow = *parseRfc3339("2026-05-04T08:30:00Z");

/// A point of Ed25519 as it is encoded.
struct Point {
    const char* name;
    const char* hex;
};
std::ostream& operator<<(std::ostream& out, const Point& point) {
    return out << point.name;
}
// The eight points, and the other encodings of them that decoders take.
constexpr Point kForgeable[] = {
    {"identity", "0100000000000000000000000000000000000000000000000000000000000000"},
    {"identity, sign set", "0100000000000000000000000000000000000000000000000000000000000080"},
    {"identity as p+1", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
    {"identity as p+1, sign set", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
    {"order 2", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
    {"order 2, sign set", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
    {"order 4", "0000000000000000000000000000000000000000000000000000000000000000"},
    {"order 4, other", "0000000000000000000000000000000000000000000000000000000000000080"},
    {"order 4 as p", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
    {"order 4 as p, other", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
    {"order 8, first", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"},
    {"order 8, second", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"},
    {"order 8, third", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"},
    {"order 8, fourth", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"},
    {"p+2: no usual encoding", "efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
    {"2^255-1: no usual encoding", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
};

std::string bytesOfHex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return bytes;
}

OpensslPtr<EVP_PKEY> ed25519(const std::string& bytes) {
    return OpensslPtr<EVP_PKEY>(EVP_PKEY_new_raw_public_key(
        EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

std::string pemOf(EVP_PKEY* key) {
    const OpensslPtr<BIO> bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

struct Exponent {
    unsigned long value;
    bool is_good;
};
std::ostream& operator<<(std::ostream& out, const Exponent& exponent) {
    return out << exponent.value;
}
constexpr Exponent kExponents[] = {
    {1, false},    {2, false},     {3, false},    {65535, false},        {65536, false},
    {65537, true}, {65538, false}, {65539, true}, {4294967296UL, false}, {4294967297UL, true}};

}  // namespace

BOOST_AUTO_TEST_SUITE(ForgeableKey)

BOOST_DATA_TEST_CASE(is_each_point_of_small_order_in_each_encoding, data::make(kForgeable), point) {
    const std::string bytes = bytesOfHex(point.hex);
    const OpensslPtr<EVP_PKEY> key = ed25519(bytes);
    BOOST_REQUIRE(key);
    BOOST_TEST(!whyForgeable(key.get()).empty());
}

BOOST_AUTO_TEST_CASE(is_none_that_was_made_as_usual) {
    for (const KeyKind kind : {KeyKind::EcP256, KeyKind::Rsa, KeyKind::Ed25519, KeyKind::Sm2})
        for (int i = 0; i < (kind == KeyKind::Rsa ? 1 : 20); ++i)
            BOOST_TEST(whyForgeable(handleOf(PrivateKey::generate(kind))) == "", nameOf(kind));
    // Next to those of small order, and the largest y there is.
    for (const char* hex : {"0300000000000000000000000000000000000000000000000000000000000000",
                            "eaffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"})
        BOOST_TEST(whyForgeable(ed25519(bytesOfHex(hex)).get()) == "", hex);
}

BOOST_DATA_TEST_CASE(is_an_rsa_key_by_its_exponent, data::make(kExponents), exponent) {
    BOOST_TEST(whyForgeable(fixture::rsaKey(fixture::usualModulus().get(), exponent.value).get()).empty() ==
               exponent.is_good);
}

BOOST_AUTO_TEST_CASE(is_an_rsa_key_by_its_modulus) {
    const OpensslPtr<BIGNUM> n = fixture::usualModulus(), prime(BN_new()), square(BN_new());
    BN_CTX* const room = BN_CTX_new();
    BN_set_bit(n.get(), 0);
    BN_sub_word(n.get(), 1);
    BOOST_TEST(!whyForgeable(fixture::rsaKey(n.get(), 65537).get()).empty());  // even
    BN_generate_prime_ex(prime.get(), 1024, 0, nullptr, nullptr, nullptr);
    BN_sqr(square.get(), prime.get(), room);
    BOOST_TEST(!whyForgeable(fixture::rsaKey(square.get(), 65537).get()).empty());
    BN_mul_word(prime.get(), 641);
    BOOST_TEST(!whyForgeable(fixture::rsaKey(prime.get(), 65537).get()).empty());  // a small factor
    BN_CTX_free(room);
    // Of an authority that signs with RSASSA-PSS alone.
    const OpensslPtr<BIGNUM> usual = fixture::usualModulus();
    BOOST_TEST(whyForgeable(fixture::rsaKey(usual.get(), 65537, nullptr, "RSA-PSS").get()) == "");
    BOOST_TEST(!whyForgeable(fixture::rsaKey(usual.get(), 3, nullptr, "RSA-PSS").get()).empty());
    BN_rshift(usual.get(), usual.get(), 1024);
    BN_set_bit(usual.get(), 0);
    BOOST_TEST(!whyForgeable(fixture::rsaKey(usual.get(), 65537, nullptr, "RSA-PSS").get()).empty());
    // 2^2203 - 1, a prime: whoever knows that can sign.
    BN_zero(prime.get());
    BN_set_bit(prime.get(), 2203);
    BN_sub_word(prime.get(), 1);
    BOOST_TEST(!whyForgeable(fixture::rsaKey(prime.get(), 65537).get()).empty());
}

BOOST_AUTO_TEST_CASE(is_refused_in_requests_and_as_a_key_of_ours) {
    for (const std::string& der : {fixture::requestWithExponentOne(), fixture::requestOverIdentity()}) {
        const auto request = CertificateRequest::fromDer(der);
        BOOST_REQUIRE(!request);
        BOOST_TEST(request.error().code == "key_forgeable");
        BOOST_TEST(!request.error().hint.empty());
    }
    const auto own = PrivateKey::fromPem(pemOf(fixture::exponentOne().get()));
    BOOST_REQUIRE(!own);
    BOOST_TEST(own.error().code == "key_not_good");
}

BOOST_AUTO_TEST_CASE(is_refused_in_a_chain_and_by_a_cache_that_asks) {
    const std::string der =
        fixture::certificateOverIdentity(kNow - std::chrono::hours(1), kNow + std::chrono::days(90));
    const auto report = checkChain({der, {}, {der}, {}, kNow});
    BOOST_REQUIRE(report);
    BOOST_TEST_REQUIRE(!report->isGood());
    BOOST_TEST(report->findings.front().code == "key_forgeable");
    const auto certificate = Certificate::fromDer(der);
    BOOST_REQUIRE(certificate);
    BOOST_TEST(CertificateCache(2).get((*certificate)->id(), der).ok());
    const auto asked = CertificateCache(2, ForgeableKeys::Refused).get((*certificate)->id(), der);
    BOOST_REQUIRE(!asked);
    BOOST_TEST(asked.error().code == "key_forgeable");
}

BOOST_AUTO_TEST_SUITE_END()
