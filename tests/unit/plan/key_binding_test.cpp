// tests/unit/plan/key_binding_test.cpp - a key is one system's, until it is released by itself (decision 0028).
#include <boost/test/unit_test.hpp>

#include "gateway/formats/register/read_register.hpp"
#include "tests/unit/plan/office.hpp"

using namespace caseway;
using fixture::keyIdOf;
using fixture::Office;
using fixture::selfSigned;

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

BOOST_AUTO_TEST_SUITE_END()
