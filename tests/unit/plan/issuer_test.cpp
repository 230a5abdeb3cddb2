// tests/unit/plan/issuer_test.cpp - authorities that end or are revoked after they issued what is registered: who is
// told, what is refused, and that nobody forgets a revocation by taking an authority out.
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <boost/test/unit_test.hpp>

#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/crypto/issue_certificate.hpp"
#include "gateway/formats/crypto/openssl_handles.hpp"
#include "gateway/register/register_view.hpp"
#include "tests/unit/plan/office.hpp"

using namespace caseway;
using fixture::kDay;
using fixture::kNow;
using fixture::Office;
using fixture::Texts;

namespace {

/// An authority that another one certified. Ours never does that, so it is made by hand.
std::string certifyAuthority(const PrivateKey& key, std::string_view name, const Validity& validity,
                             const std::string& issuer_der, const PrivateKey& issuer_key) {
    const auto parsed = [](const std::string& der) {
        const auto* at = reinterpret_cast<const unsigned char*>(der.data());
        return OpensslPtr<X509>(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    };
    const OpensslPtr<X509> made = parsed(makeAuthority(key, name, validity)), issuer = parsed(issuer_der);
    // Ours allow no authority below them.
    OpensslPtr<X509_EXTENSION> extension(
        X509_delete_ext(made.get(), X509_get_ext_by_NID(made.get(), NID_basic_constraints, -1)));
    extension.reset(X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE"));
    X509_add_ext(made.get(), extension.get(), -1);
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer.get()));
    const std::string pem = issuer_key.toPem();
    const OpensslPtr<BIO> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const OpensslPtr<EVP_PKEY> signer(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
    BOOST_REQUIRE(X509_sign(made.get(), signer.get(), EVP_sha256()) > 0);
    std::string der(static_cast<std::size_t>(i2d_X509(made.get(), nullptr)), '\0');
    auto* at = reinterpret_cast<unsigned char*>(der.data());
    i2d_X509(made.get(), &at);
    return der;
}

/// An authority with its key, and below it one that it certified.
struct Authority {
    explicit Authority(std::string_view name, int until = 1000)
        : key(PrivateKey::generate(KeyKind::EcP256)),
          der(makeAuthority(key, name, {kNow - 100 * kDay, kNow + until * kDay})) {}
    std::string issue(const PrivateKey& of) const {
        const auto request = CertificateRequest::fromPem(CertificateRequest::make(of, "housing", "permits"));
        return pemOfCertificate(
            issueCertificate(*request, "housing", "permits", {kNow - kDay, kNow + 90 * kDay}, der, key));
    }
    std::string listOf(const std::string& pem, int day = -1) const {
        RevocationList list;
        list.this_update = kNow + day * kDay;
        list.number = 1;
        if (!pem.empty()) list.revoked.push_back({factsOfDer(certificatesOfPem(pem)->front())->serial, kNow - kDay});
        return makeRevocationList(list, der, key);
    }
    PrivateKey key;
    std::string der;
};

/// A province, whose authority certified that of a city, which issued the certificate of housing/permits.
struct World : Office {
    Authority province{"Province"}, city{"City"};
    std::string city_pem, pem;

    explicit World(int city_until = 1000) : city("City", city_until) {
        const Validity long_time{kNow - 100 * kDay, kNow + 1000 * kDay};
        const std::string bare = province.der;
        province.der = certifyAuthority(province.key, "Province", long_time, bare, province.key);
        city_pem = pemOfCertificate(certifyAuthority(city.key, "City", {kNow - 100 * kDay, kNow + city_until * kDay},
                                                     province.der, province.key));
        city.der = certificatesOfPem(city_pem)->front();
        pem = city.issue(PrivateKey::generate(KeyKind::EcP256));
        BOOST_TEST(adds("province", pemOfCertificate(province.der)) == "done");
    }
    std::string adds(const std::string& name, const std::string& certificate) {
        return does("authority.add", {{"authority", name}, {"certificate", certificate}});
    }
    std::string lists(const std::string& name, const std::string& list) {
        return does("authority.list", {{"authority", name}, {"list", list}});
    }
    std::string registers(const std::string& certificate) {
        return does("certificate.add", {{"system", "housing/permits"}, {"certificate", certificate}});
    }
    RegisteredCertificate registered() const {
        return content().systems.at(*SystemId::parse("housing/permits")).certificates.front();
    }
    Expiry expiryOf(std::string_view whose) const {
        for (const Expiry& expiry : expiriesOf(content()))
            if (expiry.whose == whose) return expiry;
        return {};
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(Issuers)

BOOST_AUTO_TEST_CASE(a_certificate_knows_until_when_its_issuer_is_good) {
    World world(20);
    BOOST_TEST(world.adds("city", world.city_pem) == "done");
    BOOST_TEST(world.registers(world.pem) == "done");
    BOOST_REQUIRE(world.registered().issuer.has_value());
    BOOST_TEST(world.registered().issuer->authority == "city");
    BOOST_TEST((world.registered().issuer->until == kNow + 20 * kDay));
    BOOST_TEST(world.expiryOf("authority city").certificates == 1U);
    BOOST_TEST(world.expiryOf("authority province").certificates == 0U);
    // Its successor over the same key, beside it: the last to end counts.
    const std::string renewed = pemOfCertificate(certifyAuthority(
        world.city.key, "City", {kNow - kDay, kNow + 400 * kDay}, world.province.der, world.province.key));
    BOOST_TEST(world.adds("city_new", renewed) == "done");
    BOOST_TEST((world.registered().issuer->until == kNow + 400 * kDay));
    // Another one of the same name is not its issuer.
    Authority twin("City", 2000);
    BOOST_TEST(world.adds("twin", pemOfCertificate(twin.der)) == "done");
    BOOST_TEST((world.registered().issuer->until == kNow + 400 * kDay));
}

BOOST_AUTO_TEST_CASE(a_list_says_nothing_of_what_another_authority_of_that_name_issued) {
    World world;
    Authority twin("City");
    BOOST_TEST(world.adds("city", world.city_pem) == "done");
    BOOST_TEST(world.adds("twin", pemOfCertificate(twin.der)) == "done");
    BOOST_TEST(world.registers(world.pem) == "done");
    BOOST_TEST(world.lists("twin", twin.listOf(world.pem)) == "done");  // the same number, of another one's
    BOOST_TEST(!world.registered().revoked_at.has_value());
    BOOST_TEST(world.lists("city", world.city.listOf(world.pem)) == "done");
    BOOST_TEST(world.registered().revoked_at.has_value());
}

BOOST_AUTO_TEST_CASE(nothing_is_registered_under_an_authority_that_has_ended) {
    World world(-1);
    const FileTree before = world.tree;
    BOOST_TEST(world.adds("city", world.city_pem) == "certificate_expired");
    world.tree["authorities/city/ca.pem"] = world.city_pem;  // it was good when it was added
    BOOST_TEST(world.registers(world.pem) == "certificate_expired");
    world.tree.erase("authorities/city/ca.pem");
    BOOST_TEST((world.tree == before));
}

BOOST_AUTO_TEST_CASE(one_that_was_revoked_takes_what_it_issued_along) {
    World world;
    BOOST_TEST(world.adds("city", world.city_pem) == "done");
    BOOST_TEST(world.registers(world.pem) == "done");
    BOOST_TEST(world.lists("province", world.province.listOf("", -2)) == "done");
    BOOST_TEST(world.warnings.empty());
    BOOST_TEST(world.lists("province", world.province.listOf(world.city_pem)) == "done");
    BOOST_REQUIRE(world.warnings.size() == 1U);
    BOOST_TEST(world.warnings.front().find("housing/permits") != std::string::npos, world.warnings.front());
    BOOST_TEST(world.registered().issuer->revoked_at.has_value());
    BOOST_TEST(world.expiryOf("authority city").revoked_at.has_value());
    BOOST_TEST(world.expiryOf("housing/permits").whose.empty());  // it has no good one any more
    BOOST_TEST(certificatesJson(world.content(), "", kNow).find("\"authority_state\":\"revoked\"") !=
               std::string::npos);
    // Nothing new under it, and not the authority itself under another name.
    BOOST_TEST(world.registers(world.city.issue(PrivateKey::generate(KeyKind::EcP256))) == "certificate_revoked");
    BOOST_TEST(world.adds("again", world.city_pem) == "certificate_revoked");
    // A successor over the same key does not make it good again.
    const std::string renewed = pemOfCertificate(certifyAuthority(
        world.city.key, "City", {kNow - kDay, kNow + 400 * kDay}, world.province.der, world.province.key));
    BOOST_TEST(world.adds("city_new", renewed) == "done");
    BOOST_TEST(world.registered().issuer->revoked_at.has_value());
}

BOOST_AUTO_TEST_CASE(those_below_a_revoked_one_go_with_it) {
    World world;
    Authority district("District");
    district.der =
        certifyAuthority(district.key, "District", {kNow - kDay, kNow + 400 * kDay}, world.city.der, world.city.key);
    BOOST_TEST(world.adds("city", world.city_pem) == "done");
    BOOST_TEST(world.adds("a_district", pemOfCertificate(district.der)) == "done");
    BOOST_TEST(world.registers(district.issue(PrivateKey::generate(KeyKind::EcP256))) == "done");
    BOOST_TEST(world.lists("province", world.province.listOf(world.city_pem)) == "done");
    BOOST_TEST(world.registered().issuer->revoked_at.has_value());
    BOOST_TEST(world.registers(district.issue(PrivateKey::generate(KeyKind::EcP256))) == "certificate_revoked");
}

BOOST_AUTO_TEST_CASE(a_revocation_is_not_forgotten_with_who_told_it) {
    World world;
    world.adds("city", world.city_pem);
    world.registers(world.pem);
    const std::string key_id = world.registered().id.text();
    BOOST_TEST(world.lists("city", world.city.listOf(world.pem)) == "done");
    BOOST_TEST(world.does("authority.remove", {{"authority", "city"}}) == "revocation_would_go");
    BOOST_TEST(world.does("authority.remove", {{"authority", "province"}}) == "done");
    BOOST_TEST(world.adds("province", pemOfCertificate(world.province.der)) == "done");
    BOOST_TEST(world.lists("city", world.city.listOf("", 0)) == "done");  // its own word: it is good again
    BOOST_TEST(world.lists("province", world.province.listOf(world.city_pem)) == "done");
    for (const char* const name : {"city", "province"})
        BOOST_TEST(world.does("authority.remove", {{"authority", name}}) == "revocation_would_go", name);
    BOOST_TEST(world.adds("city", pemOfCertificate(Authority("City").der)) != "done");
    FileTree wanted = world.tree;
    std::erase_if(wanted, [](const auto& file) {
        return file.first.ends_with('/') || file.first.starts_with("authorities/province/");
    });
    BOOST_TEST(world.does("apply", {}, {}, wanted) == "revocation_would_go");
    BOOST_TEST(world.does("certificate.remove", {{"system", "housing/permits"}, {"key_id", key_id}}) == "done");
    BOOST_TEST(world.does("authority.remove", {{"authority", "city"}}) == "done");
}

BOOST_AUTO_TEST_SUITE_END()
