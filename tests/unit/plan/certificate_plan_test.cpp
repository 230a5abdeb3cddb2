// tests/unit/plan/certificate_plan_test.cpp - whose keys are registered, and that what is issued can be.
#include <boost/test/unit_test.hpp>

#include "gateway/formats/crypto/certificate_facts.hpp"
#include "tests/support/forgeable_keys.hpp"
#include "tests/support/key_spellings.hpp"
#include "tests/unit/plan/office.hpp"

using namespace caseway;
using fixture::kDay;
using fixture::keyIdOf;
using fixture::kNow;
using fixture::Office;

BOOST_AUTO_TEST_SUITE(PlanCertificate)

BOOST_AUTO_TEST_CASE(takes_no_key_that_anybody_can_sign_with) {
    Office office;
    office.does("authority.init", {});
    const std::string pem = pemOfCertificate(fixture::certificateOverIdentity(kNow - kDay, kNow + 90 * kDay));
    BOOST_TEST(office.does("certificate.add", {{"system", "housing/permits"}, {"certificate", pem}}) ==
               "key_forgeable");
    BOOST_TEST(office.does("system.add", {{"system", "housing/other"}, {"certificate", pem}}) == "key_forgeable");
    // What is there already can be read, and taken out.
    office.tree["systems/housing/permits/old.pem"] = pem;
    BOOST_TEST(office.does("certificate.remove", {{"system", "housing/permits"}, {"key_id", keyIdOf(pem)}}) == "done");
}

BOOST_AUTO_TEST_CASE(registers_what_our_own_authority_issued_for_that_system_alone) {
    Office office;
    office.does("authority.init", {});
    const std::string request = CertificateRequest::make(PrivateKey::generate(KeyKind::EcP256), "x", "y");
    office.does("certificate.issue", {{"system", "health/licences"}, {"request", request}});
    const std::string pem = office.made.at("certificate");
    BOOST_TEST(office.does("certificate.add", {{"system", "housing/permits"}, {"certificate", pem}}) ==
               "certificate_of_another_system");
    BOOST_TEST(office.does("system.add", {{"system", "housing/other"}, {"certificate", pem}}) ==
               "certificate_of_another_system");
    const auto refused = office.plan("certificate.add", {{"system", "housing/permits"}, {"certificate", pem}});
    BOOST_TEST(
        refused.error().hint ==
        "it is that of health/licences: caseway cert add health/licences FILE; housing/permits needs a key of its "
        "own: caseway cert request --system housing/permits --key NEW.key, then caseway cert issue");
    // Of a system that is not registered yet the hint is the command that registers it, in the order it is typed in.
    office.does("certificate.issue",
                {{"system", "health/new"},
                 {"request", CertificateRequest::make(PrivateKey::generate(KeyKind::EcP256), "x", "y")}});
    const std::string of_new = office.made.at("certificate");
    BOOST_TEST(office.plan("certificate.add", {{"system", "housing/permits"}, {"certificate", of_new}})
                   .error()
                   .hint.starts_with("it is that of health/new: caseway system add health/new --mapping NAME --cert "
                                     "FILE; housing/permits needs"));
    office.warnings.clear();
    FileTree files = office.tree;
    std::erase_if(files, [](const auto& file) { return file.first.ends_with('/'); });
    files["systems/housing/permits/x.pem"] = pem;
    BOOST_TEST(office.does("apply", {}, {}, files) == "certificate_of_another_system");
    BOOST_TEST(office.does("certificate.add", {{"system", "health/licences"}, {"certificate", pem}}) == "done");
    BOOST_TEST(office.warnings.empty());
    // Its key, once free again, is told to have been another's.
    office.does("certificate.remove", {{"system", "health/licences"}, {"key_id", keyIdOf(pem)}});
    BOOST_TEST(office.does("certificate.issue", {{"system", "housing/permits"}, {"request", request}}) == "done");
    BOOST_TEST_REQUIRE(!office.warnings.empty());
    BOOST_TEST(office.warnings.front().find("CN=licences,O=health") != std::string::npos);
    const std::string second = office.made.at("certificate");
    BOOST_TEST(office.does("certificate.add", {{"system", "housing/permits"}, {"certificate", second}}) == "done");
    BOOST_TEST_REQUIRE(!office.warnings.empty());
    BOOST_TEST(office.warnings.front().find("CN=licences,O=health") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(takes_no_key_of_the_gateways_own_and_no_authoritys) {
    Office office;
    office.does("authority.init", {});
    const std::string over_authority = fixture::selfSigned(office.authority_key);
    const PrivateKey server = PrivateKey::generate(KeyKind::EcP256);
    const std::string over_server = fixture::selfSigned(server);
    office.own_keys = {{factsOfDer(certificatesOfPem(over_server)->front())->key_digest, "the server"}};
    for (const std::string& pem : {over_authority, over_server}) {
        BOOST_TEST(office.does("certificate.add", {{"system", "housing/permits"}, {"certificate", pem}}) ==
                   "key_taken");
        FileTree files = office.tree;
        std::erase_if(files, [](const auto& file) { return file.first.ends_with('/'); });
        files["systems/housing/permits/x.pem"] = pem;
        BOOST_TEST(office.does("apply", {}, {}, files) == "key_taken");
    }
    BOOST_TEST(office.does("certificate.issue",
                           {{"system", "housing/permits"}, {"request", CertificateRequest::make(server, "x", "y")}}) ==
               "key_taken");
}

BOOST_AUTO_TEST_CASE(revokes_a_key_with_every_certificate_over_it) {
    Office office;
    office.does("authority.init", {});
    const std::string system = "housing/permits";
    const std::string request = CertificateRequest::make(PrivateKey::generate(KeyKind::EcP256), "x", "y");
    std::vector<std::string> serials;
    std::string first;
    for (int i = 0; i < 2; ++i) {
        office.does("certificate.issue", {{"system", system}, {"request", request}});
        const std::string pem = office.made.at("certificate");
        if (i == 0) first = keyIdOf(pem);
        serials.push_back(office.made.at("serial"));
        BOOST_TEST(office.does("certificate.add", {{"system", system}, {"certificate", pem}}) == "done");
    }
    const std::string other = CertificateRequest::make(PrivateKey::generate(KeyKind::EcP256), "x", "y");
    office.does("certificate.issue", {{"system", system}, {"request", other}});
    office.does("certificate.add", {{"system", system}, {"certificate", office.made.at("certificate")}});
    // As openssl writes it: capitals, and colons between.
    std::string written;
    for (std::size_t i = 0; i < serials[0].size(); ++i) {
        if (i != 0 && i % 2 == 0) written += ':';
        written += static_cast<char>(std::toupper(static_cast<unsigned char>(serials[0][i])));
    }
    BOOST_TEST(office.does("certificate.revoke", {{"serial", written}}) == "done");
    BOOST_TEST_REQUIRE(office.warnings.size() == 1U);  // the third certificate is good
    BOOST_TEST(office.warnings.front().find("over the same key") != std::string::npos);
    const auto revoked = [&office, &system] {
        std::size_t count = 0;
        const RegisterContent content = office.content();
        for (const auto& one : content.systems.at(*SystemId::parse(system)).certificates)
            count += one.revoked_at ? 1U : 0U;
        return count;
    };
    BOOST_TEST(revoked() == 2U);
    BOOST_TEST(office.does("certificate.remove", {{"system", system}, {"key_id", first}}) == "done");
    BOOST_TEST(revoked() == 1U);  // by what was issued, though the revoked one itself is gone
}

/// Issued by a slip for another name, and never registered: its key is, and goes with it.
BOOST_AUTO_TEST_CASE(revoking_what_is_not_registered_tells_whose_key_it_was) {
    Office office;
    office.does("authority.init", {});
    const std::string request = CertificateRequest::make(PrivateKey::generate(KeyKind::EcP256), "x", "y");
    BOOST_TEST(office.does("certificate.issue", {{"system", "housing/permit"}, {"request", request}}) == "done");
    const std::string serial = office.made.at("serial");
    BOOST_TEST(office.does("certificate.issue", {{"system", "housing/permits"}, {"request", request}}) == "done");
    const std::string pem = office.made.at("certificate");
    office.does("certificate.add", {{"system", "housing/permits"}, {"certificate", pem}});
    BOOST_TEST(office.does("certificate.revoke", {{"serial", serial}}) == "done");
    BOOST_TEST(office.made.at("system") == "housing/permits");
    BOOST_TEST_REQUIRE(office.warnings.size() == 2U);
    BOOST_TEST(office.warnings[0].find("certificate " + keyIdOf(pem).substr(0, 16) + " of housing/permits") !=
               std::string::npos);
    BOOST_TEST(office.warnings[1].find("only good certificate of housing/permits") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(issues_nothing_that_could_not_be_registered) {
    for (const auto& [name, key] : fixture::spellingsOf(PrivateKey::generate(KeyKind::EcP256))) {
        Office office;
        office.does("authority.init", {});
        const FileTree before = office.tree;
        const std::string issued = office.does(
            "certificate.issue", {{"system", "housing/permits"}, {"request", CertificateRequest::make(key, "x", "y")}});
        if (issued == "done")
            BOOST_TEST(office.does("certificate.add", {{"system", "housing/permits"},
                                                       {"certificate", office.made.at("certificate")}}) == "done",
                       name);
        else
            BOOST_TEST((issued == "chain_refused" && office.tree == before), name + ": " + issued);
        BOOST_TEST((issued == "done") == name.starts_with("named_curve"), name);
    }
    Office office;
    office.does("authority.init", {});
    const std::string request = CertificateRequest::make(PrivateKey::generate(KeyKind::EcP256), "x", "y");
    for (const char* days : {"0", "-1", "3651", "999999999999", "99999999999999999999999", "365x", " 365", "0x16d"})
        BOOST_TEST(
            office.does("certificate.issue", {{"system", "housing/permits"}, {"request", request}, {"days", days}}) ==
                "member_out_of_range",
            days);
}

BOOST_AUTO_TEST_SUITE_END()
