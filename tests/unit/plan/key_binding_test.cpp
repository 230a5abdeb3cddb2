// tests/unit/plan/key_binding_test.cpp - a key is one system's, until it is released by itself (decision 0028).
#include <boost/test/unit_test.hpp>

#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/crypto/issue_certificate.hpp"
#include "gateway/formats/register/read_register.hpp"
#include "gateway/register/shared_keys.hpp"
#include "tests/unit/plan/office.hpp"

using namespace caseway;
using fixture::kDay;
using fixture::keyIdOf;
using fixture::kNow;
using fixture::Office;
using fixture::selfSigned;

namespace {

std::string authorityOver(const PrivateKey& key, const char* name = "p4") {
    return pemOfCertificate(makeAuthority(key, name, {kNow - kDay, kNow + 900 * kDay}));
}

FileTree filesOf(FileTree tree) {
    std::erase_if(tree, [](const auto& file) { return file.first.ends_with('/'); });
    return tree;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(KeyBinding)

BOOST_AUTO_TEST_CASE(binds_a_key_to_one_system) {
    Office office;
    const PrivateKey key = PrivateKey::generate(KeyKind::EcP256);
    const std::string pem = selfSigned(key), renewed = selfSigned(key, -5, 600);
    BOOST_TEST(office.does("certificate.add", {{"system", "housing/permits"}, {"certificate", pem}}) == "done");
    BOOST_TEST(office.does("certificate.add", {{"system", "housing/permits"}, {"certificate", pem}}) == "nothing");
    BOOST_TEST(office.does("certificate.add", {{"system", "health/licences"}, {"certificate", pem}}) ==
               "certificate_taken");
    BOOST_TEST(office.does("certificate.add", {{"system", "health/licences"}, {"certificate", renewed}}) ==
               "key_taken");
    BOOST_TEST(office.does("certificate.add", {{"system", "housing/permits"}, {"certificate", renewed}}) == "done");
    // By hand, too: the files do not fit together then.
    office.tree["systems/health/licences/x.pem"] = renewed;
    BOOST_TEST(readRegister(office.tree).error().code == "register_not_good");
    office.tree.erase("systems/health/licences/x.pem");
    // A system that may send nothing keeps its keys; to take them out is what releases them.
    const auto other = [&] {
        return office.does("certificate.add", {{"system", "health/licences"}, {"certificate", pem}});
    };
    office.does("system.suspend", {{"system", "housing/permits"}});
    const std::string code = other();  // whichever of the two is looked at first
    BOOST_TEST((code == "certificate_taken" || code == "key_taken"), code);
    office.does("certificate.remove", {{"system", "housing/permits"}, {"key_id", keyIdOf(renewed)}});
    BOOST_TEST(other() == "certificate_taken");
    office.does("certificate.remove", {{"system", "housing/permits"}, {"key_id", keyIdOf(pem)}});
    BOOST_TEST(other() == "done");
}

BOOST_AUTO_TEST_CASE(takes_no_key_from_one_system_to_another_in_one_change) {
    Office office;
    const PrivateKey key = PrivateKey::generate(KeyKind::EcP256);
    const std::string pem = selfSigned(key), renewed = selfSigned(key, -5, 600);
    const std::string other = "systems/health/licences/a.pem";
    BOOST_TEST(office.does("certificate.add", {{"system", "housing/permits"}, {"certificate", pem}}) == "done");
    FileTree moved = office.tree;
    std::erase_if(moved, [](const auto& file) { return file.first.ends_with('/'); });
    BOOST_REQUIRE(moved.erase("systems/housing/permits/" + keyIdOf(pem).substr(0, 16) + ".pem") == 1U);
    const FileTree released = moved;
    moved[other] = pem;
    BOOST_TEST(office.does("apply", {}, {}, moved) == "certificate_taken");
    moved[other] = renewed;
    BOOST_TEST(office.does("apply", {}, {}, moved) == "key_taken");
    BOOST_TEST(office.does("apply", {}, {}, released) == "done");
    BOOST_TEST(office.does("apply", {}, {}, moved) == "done");
}

BOOST_AUTO_TEST_CASE(makes_no_authority_of_a_systems_key) {
    Office office;
    const PrivateKey key = PrivateKey::generate(KeyKind::EcP256);
    const std::string pem = selfSigned(key), authority = authorityOver(key);
    const auto adds = [&] { return office.does("authority.add", {{"authority", "p4"}, {"certificate", authority}}); };
    BOOST_TEST(office.does("certificate.add", {{"system", "housing/permits"}, {"certificate", pem}}) == "done");
    BOOST_TEST(adds() == "key_taken");
    const auto refused = office.plan("authority.add", {{"authority", "p4"}, {"certificate", authority}});
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST(refused.error().value == "housing/permits");
    BOOST_TEST(refused.error().hint.find("caseway cert remove housing/permits " + keyIdOf(pem).substr(0, 16)) !=
               std::string::npos);
    // Both at once, in a folder.
    Office other;
    FileTree files = filesOf(other.tree);
    files["authorities/both/ca.pem"] = authority;
    files["systems/health/licences/both.pem"] = pem;
    BOOST_TEST(other.does("apply", {}, {}, files) == "key_taken");
    office.does("certificate.remove", {{"system", "housing/permits"}, {"key_id", keyIdOf(pem)}});
    BOOST_TEST(adds() == "done");
}

BOOST_AUTO_TEST_CASE(takes_no_authority_under_two_names) {
    Office office;
    office.does("authority.init", {});
    const std::string own = office.made.at("certificate"), twin = authorityOver(office.authority_key);
    BOOST_TEST(office.does("authority.add", {{"authority", "ownca"}, {"certificate", own}}) == "certificate_taken");
    BOOST_TEST(office.does("authority.add", {{"authority", "ownca"}, {"certificate", twin}}) == "key_taken");
    FileTree files = filesOf(office.tree);
    files["authorities/ownca/ca.pem"] = own;
    BOOST_TEST(office.does("apply", {}, {}, files) == "certificate_taken");
    const std::string province = authorityOver(PrivateKey::generate(KeyKind::EcP256));
    BOOST_TEST(office.does("authority.add", {{"authority", "a"}, {"certificate", province}}) == "done");
    BOOST_TEST(office.does("authority.add", {{"authority", "b"}, {"certificate", province}}) == "certificate_taken");
}

BOOST_AUTO_TEST_CASE(lives_on_with_what_was_shared_before_and_tells_it) {
    Office office;
    const PrivateKey key = PrivateKey::generate(KeyKind::EcP256);
    office.tree["systems/housing/permits/x.pem"] = selfSigned(key);
    office.tree["authorities/p4/ca.pem"] = authorityOver(key);
    const auto shared = sharedKeys(office.content());
    BOOST_TEST_REQUIRE(shared.size() == 1U);
    BOOST_TEST(shared.front().where == "authority p4");
    BOOST_TEST(office.does("system.add", {{"system", "housing/other"}}) == "done");
    BOOST_TEST(office.does("authority.remove", {{"authority", "p4"}}) == "done");
    BOOST_TEST(sharedKeys(office.content()).empty());
}

BOOST_AUTO_TEST_CASE(knows_an_authority_by_its_key_under_its_name) {
    Office office;
    const PrivateKey key = PrivateKey::generate(KeyKind::EcP256), other = PrivateKey::generate(KeyKind::EcP256);
    const auto adds = [&](const std::string& pem) {
        return office.does("authority.add", {{"authority", "province"}, {"certificate", pem}});
    };
    BOOST_TEST(adds(authorityOver(key, "Province")) == "done");
    RevocationList list;
    list.this_update = kNow - kDay;
    list.number = 1;
    const std::string der = certificatesOfPem(authorityOver(key, "Province"))->front();
    BOOST_TEST(office.does("authority.list",
                           {{"authority", "province"}, {"list", makeRevocationList(list, der, key)}}) == "done");
    // With the former's list beside it, too: nobody gave a list now.
    BOOST_TEST(adds(authorityOver(other, "City")) == "authority_known");
    const std::string renewed = pemOfCertificate(makeAuthority(key, "Province", {kNow - kDay, kNow + 1800 * kDay}));
    BOOST_TEST(adds(renewed) == "done");
    BOOST_TEST_REQUIRE(!office.warnings.empty());
    BOOST_TEST(office.warnings.front().starts_with("it replaces the certificate "));
    BOOST_TEST(adds(renewed) == "nothing");
}

BOOST_AUTO_TEST_CASE(tells_of_a_key_that_is_not_our_own_authoritys) {
    Office office;
    office.does("authority.init", {});
    BOOST_TEST(office.does("authority.init", {}) == "nothing");
    const std::string request = CertificateRequest::make(PrivateKey::generate(KeyKind::EcP256), "x", "y");
    office.does("certificate.issue", {{"system", "housing/permits"}, {"request", request}});
    const std::string serial = office.made.at("serial");
    office.authority_key = PrivateKey::generate(KeyKind::EcP256);
    BOOST_TEST(office.does("authority.init", {}) == "key_mismatch");
    BOOST_TEST(office.does("certificate.issue", {{"system", "housing/permits"}, {"request", request}}) ==
               "key_mismatch");
    BOOST_TEST(office.does("certificate.revoke", {{"serial", serial}}) == "key_mismatch");
    BOOST_TEST(office.does("authority.renew_list", {}) == "key_mismatch");
}

BOOST_AUTO_TEST_SUITE_END()
