// tests/unit/plan/plan_test.cpp - what each operation changes, what it refuses, and that nothing else is touched.
#include <boost/test/unit_test.hpp>

#include "gateway/formats/crypto/certificate.hpp"
#include "gateway/formats/crypto/certificate_request.hpp"
#include "gateway/formats/crypto/revocation_list.hpp"
#include "gateway/formats/register/read_register.hpp"
#include "gateway/formats/register/register_document.hpp"
#include "gateway/formats/register/register_path.hpp"
#include "gateway/register/plan.hpp"
#include "gateway/register/register_view.hpp"
#include "tests/support/key_spellings.hpp"
#include "tests/unit/plan/office.hpp"

using namespace caseway;
using fixture::kDay;
using fixture::keyIdOf;
using fixture::kNow;
using fixture::Lists;
using fixture::Office;
using fixture::selfSigned;
using fixture::Texts;

BOOST_AUTO_TEST_SUITE(Plan)

BOOST_AUTO_TEST_CASE(registers_departments_and_systems_once) {
    Office office;
    BOOST_TEST(office.system("housing/permits").department_code == "11350200004135017C");
    BOOST_TEST(office.does("department.add",
                           {{"department", "housing"}, {"code", "11350200004135017C"}, {"name", "住建"}}) == "nothing");
    BOOST_TEST(
        office.does("department.add", {{"department", "housing"}, {"code", "11350200004135017C"}, {"name", "x"}}) ==
        "department_known");
    BOOST_TEST(
        office.does("department.add", {{"department", "other"}, {"code", "11350200004135017C"}, {"name", "x"}}) ==
        "department_known");
    BOOST_TEST(office.does("department.add", {{"department", "../x"}, {"code", "11350200004135017D"}, {"name", "x"}}) ==
               "department_name_bad");
    BOOST_TEST(office.does("system.add", {{"system", "housing/permits"}}) == "system_known");
    BOOST_TEST(office.does("system.add", {{"system", "planning/x"}}) == "department_unknown");
    BOOST_TEST(office.does("system.add", {{"system", "housing/../x"}}) == "system_name_bad");
    BOOST_TEST(office.does("department.remove", {{"department", "housing"}}) == "department_has_systems");
    BOOST_TEST(office.does("system.remove", {{"system", "housing/permits"}}) == "system_not_suspended");
    BOOST_TEST(office.does("system.suspend", {{"system", "housing/permits"}}) == "done");
    BOOST_TEST(office.system("housing/permits").suspended);
    BOOST_TEST(office.does("system.suspend", {{"system", "housing/permits"}}) == "nothing");
    const std::string draft = "systems/housing/permits/connectors/nightly/draft.yaml";
    office.tree[draft] = "type: memory\nmapping: a\n";
    BOOST_TEST(office.does("system.remove", {{"system", "housing/permits"}}) == "done");
    BOOST_TEST_REQUIRE(office.warnings.size() == 1U);
    BOOST_TEST(office.warnings[0] == "the draft of the connector housing/permits/nightly goes with it");
    BOOST_TEST(office.does("department.remove", {{"department", "housing"}}) == "done");
    BOOST_TEST(office.does("system.suspend", {{"system", "housing/permits"}}) == "system_unknown");
}

BOOST_AUTO_TEST_CASE(suspends_all_systems_of_a_department_and_takes_them_up_again) {
    Office office;
    const auto department = [&](const char* operation, const char* name) {
        return office.does(operation, {{"department", name}});
    };
    BOOST_TEST(department("department.suspend", "planning") == "department_unknown");
    BOOST_TEST(department("department.resume", "housing") == "nothing");
    BOOST_TEST(department("department.suspend", "housing") == "done");
    BOOST_TEST(department("department.suspend", "housing") == "nothing");
    BOOST_TEST(suspensionOf(office.system("housing/permits")) == "department_suspended");
    BOOST_TEST(suspensionOf(office.system("health/licences")) == "");
    BOOST_TEST(office.does("system.suspend", {{"system", "housing/permits"}}) == "done");
    BOOST_TEST(suspensionOf(office.system("housing/permits")) == "system_suspended");
    BOOST_TEST(department("department.resume", "housing") == "done");
    BOOST_TEST(suspensionOf(office.system("housing/permits")) == "system_suspended");
    BOOST_TEST(office.does("system.activate", {{"system", "housing/permits"}}) == "done");
    BOOST_TEST(suspensionOf(office.system("housing/permits")) == "");
}

BOOST_AUTO_TEST_CASE(grants_and_takes_back) {
    Office office;
    const Lists more{{"mappings", {"c"}}, {"may_read", {"planning"}}, {"on_behalf_of", {"11350200004135019X"}}};
    BOOST_TEST(office.does("system.grant", {{"system", "housing/permits"}, {"auditor", "true"}}, more) == "done");
    BOOST_TEST(office.does("system.grant", {{"system", "housing/permits"}, {"auditor", "true"}}, more) == "nothing");
    const RegisteredSystem granted = office.system("housing/permits");
    BOOST_TEST((granted.mappings == std::vector<std::string>{"a", "b", "c"}));
    BOOST_TEST((granted.auditor && granted.may_read.size() == 1 && granted.on_behalf_of.size() == 1));
    BOOST_TEST(office.does("system.revoke_grant", {{"system", "housing/permits"}, {"auditor", "true"}},
                           {{"mappings", {"a"}}}) == "done");
    BOOST_TEST((office.system("housing/permits").mappings == std::vector<std::string>{"b", "c"}));
    BOOST_TEST(!office.system("housing/permits").auditor);
    BOOST_TEST(office.does("system.revoke_grant", {{"system", "housing/permits"}}, {{"mappings", {"a"}}}) ==
               "grant_unknown");
    BOOST_TEST(office.does("system.grant", {{"system", "housing/permits"}}) == "member_missing");
}

BOOST_AUTO_TEST_CASE(refuses_certificates_that_would_not_work) {
    Office office;
    const PrivateKey key = PrivateKey::generate(KeyKind::EcP256);
    const auto add = [&](const std::string& pem) {
        return office.does("certificate.add", {{"system", "housing/permits"}, {"certificate", pem}});
    };
    BOOST_TEST(add(selfSigned(key, -10, -1)) == "certificate_expired");
    BOOST_TEST(add(key.toPem()) == "private_key_given");
    BOOST_TEST(add("nothing") == "certificate_not_good");
    BOOST_TEST(add(selfSigned(key, 1, 100)) == "done");  // prepared before it is needed
    BOOST_TEST(add(selfSigned(key, -1, 20)) == "done");
    BOOST_TEST(!office.warnings.empty());
}

BOOST_AUTO_TEST_CASE(issues_and_revokes) {
    Office office;
    const std::string request = CertificateRequest::make(PrivateKey::generate(KeyKind::EcP256), "x", "y");
    const Texts ask{{"system", "housing/permits"}, {"request", request}};
    BOOST_TEST(office.does("certificate.issue", ask) == "authority_missing");
    BOOST_TEST(office.does("authority.init", {}) == "done");
    BOOST_TEST(office.does("authority.init", {}) == "nothing");
    BOOST_TEST(office.does("certificate.issue", ask) == "done");
    const std::string pem = office.made.at("certificate"), serial = office.made.at("serial");
    BOOST_TEST(office.does("certificate.add", {{"system", "housing/permits"}, {"certificate", pem}}) == "done");
    BOOST_TEST(!office.content().systems.at(*SystemId::parse("housing/permits")).certificates.front().revoked_at);
    BOOST_TEST(office.does("certificate.issue", {{"system", "health/licences"}, {"request", request}}) == "key_taken");
    BOOST_TEST(office.does("certificate.revoke", {{"serial", serial.substr(0, 6)}}) == "certificate_unknown");
    BOOST_TEST(office.does("certificate.revoke", {{"serial", serial.substr(0, 10)}}) == "done");
    BOOST_TEST(office.does("certificate.revoke", {{"serial", serial}}) == "nothing");
    BOOST_TEST(
        office.content().systems.at(*SystemId::parse("housing/permits")).certificates.front().revoked_at.has_value());
    BOOST_TEST(office.does("certificate.add", {{"system", "housing/permits"}, {"certificate", pem}}) ==
               "certificate_revoked");
    BOOST_TEST(office.does("certificate.issue", {{"system", "housing/permits"}, {"request", request}, {"days", "0"}}) ==
               "member_out_of_range");
}

BOOST_AUTO_TEST_CASE(a_revoked_key_is_gone_for_good) {
    Office office;
    const PrivateKey key = PrivateKey::generate(KeyKind::EcP256);
    const std::string request = CertificateRequest::make(key, "housing", "permits");
    const Texts ask{{"system", "housing/permits"}, {"request", request}};
    office.does("authority.init", {});
    BOOST_TEST(office.does("certificate.issue", ask) == "done");
    BOOST_TEST(office.warnings.empty());
    const std::string pem = office.made.at("certificate"), key_id = office.made.at("key_id");
    BOOST_TEST(office.does("certificate.issue", ask) == "done");
    const std::string twin = office.made.at("certificate");
    office.does("certificate.add", {{"system", "housing/permits"}, {"certificate", pem}});
    BOOST_TEST(office.does("certificate.revoke", {{"serial", key_id}}) == "done");
    BOOST_TEST(office.made.at("system") == "housing/permits");
    BOOST_REQUIRE(office.warnings.size() == 1U);
    BOOST_TEST(office.warnings.front().starts_with("it was the only good certificate of housing/permits"));
    BOOST_TEST(office.does("certificate.issue", ask) == "certificate_revoked");
    BOOST_TEST(office.does("certificate.add", {{"system", "housing/permits"}, {"certificate", twin}}) ==
               "certificate_revoked");
    // Also where the revoked certificate is out of the register.
    BOOST_TEST(office.does("certificate.remove", {{"system", "housing/permits"}, {"key_id", key_id}}) == "done");
    BOOST_TEST(office.does("certificate.issue", ask) == "certificate_revoked");
}

BOOST_AUTO_TEST_CASE(a_key_spelled_otherwise_is_the_same_key) {
    for (const KeyKind kind : {KeyKind::EcP256, KeyKind::Sm2}) {
        const auto spellings = fixture::spellingsOf(PrivateKey::generate(kind));
        const auto revoked = fixture::spellingsOf(PrivateKey::generate(kind));
        for (std::size_t i = 1; i < spellings.size(); ++i) {
            Office office;
            const std::string& name = spellings[i].name;
            const std::string usual = selfSigned(spellings[0].key), other = selfSigned(spellings[i].key);
            office.does("certificate.add", {{"system", "housing/permits"}, {"certificate", usual}});
            BOOST_TEST(
                office.does("certificate.add", {{"system", "health/licences"}, {"certificate", other}}) == "key_taken",
                name);
            FileTree wanted = office.tree;
            std::erase_if(wanted, [](const auto& file) { return file.first.ends_with('/'); });
            wanted["systems/health/licences/" + keyIdOf(other).substr(0, 16) + ".pem"] = other;
            const auto applied = office.plan("apply", {}, {}, wanted);
            BOOST_TEST(!applied.ok(), name);

            office.does("authority.init", {});
            const auto ask = [&](const PrivateKey& key) {
                return Texts{{"system", "housing/permits"}, {"request", CertificateRequest::make(key, "x", "y")}};
            };
            BOOST_TEST(office.does("certificate.issue",
                                   {{"system", "health/licences"},
                                    {"request", CertificateRequest::make(spellings[i].key, "x", "y")}}) == "key_taken",
                       name);
            BOOST_TEST(office.does("certificate.issue", ask(revoked[0].key)) == "done");
            BOOST_TEST(office.does("certificate.revoke", {{"serial", office.made.at("serial")}}) == "done");
            BOOST_TEST(office.does("certificate.issue", ask(revoked[i].key)) == "certificate_revoked", name);
            BOOST_TEST(office.does("certificate.add",
                                   {{"system", "housing/permits"}, {"certificate", selfSigned(revoked[i].key)}}) ==
                           "certificate_revoked",
                       name);
        }
    }
}

BOOST_AUTO_TEST_CASE(warns_of_a_certificate_for_another_than_the_asker_and_for_nobody) {
    Office office;
    office.does("authority.init", {});
    const std::string request = CertificateRequest::make(PrivateKey::generate(KeyKind::EcP256), "housing", "permits");
    BOOST_TEST(office.does("certificate.issue", {{"system", "housing/permit"}, {"request", request}}) == "done");
    BOOST_REQUIRE(office.warnings.size() == 2U);
    BOOST_TEST(office.warnings[0].find("the request calls itself") == 0U);
    BOOST_TEST(office.warnings[1].find("housing/permit is not registered yet") == 0U);
}

BOOST_AUTO_TEST_CASE(grants_nothing_that_cannot_exist) {
    Office office;
    const auto grant = [&](Lists lists) {
        return office.does("system.grant", {{"system", "housing/permits"}}, std::move(lists));
    };
    BOOST_TEST(grant({{"mappings", {"c,d"}}}) == "grant_name_bad");
    BOOST_TEST(grant({{"may_read", {"Housing Bureau"}}}) == "grant_name_bad");
    BOOST_TEST(grant({{"on_behalf_of", {"health"}}}) == "grant_name_bad");
    BOOST_TEST(office.does("system.add", {{"system", "housing/new"}}, {{"mappings", {""}}}) == "grant_name_bad");
    BOOST_TEST(grant({{"may_read", {"health", "*"}}}) == "done");
    BOOST_TEST(office.warnings.empty());
    BOOST_TEST(grant({{"may_read", {"healht"}}}) == "done");
    BOOST_TEST(office.warnings.size() == 1U);
    BOOST_TEST(grant({{"on_behalf_of", {"11350200004135019X"}}}) == "done");
    BOOST_TEST(office.warnings.size() == 1U);
}

BOOST_AUTO_TEST_CASE(takes_no_older_revocation_list) {
    Office office;
    office.does("authority.init", {});
    const std::string der = office.content().authorities.at("own").der;
    const auto list = [&](int day) {
        RevocationList made;
        made.this_update = kNow + day * kDay;
        made.number = 1;
        return makeRevocationList(made, der, office.authority_key);
    };
    BOOST_TEST(office.does("authority.list", {{"authority", "own"}, {"list", list(-1)}}) == "done");
    BOOST_TEST(office.does("authority.list", {{"authority", "own"}, {"list", list(-2)}}) == "revocation_list_older");
    BOOST_TEST(office.does("authority.list", {{"authority", "none"}, {"list", list(-1)}}) == "authority_unknown");
}

BOOST_AUTO_TEST_CASE(renews_our_own_list_before_it_ends) {
    Office office;
    BOOST_TEST(office.does("authority.renew_list", {}) == "authority_missing");
    office.does("authority.init", {});
    office.does("certificate.issue",
                {{"system", "housing/permits"},
                 {"request", CertificateRequest::make(PrivateKey::generate(KeyKind::EcP256), "housing", "permits")}});
    const std::string serial = office.made.at("serial");
    office.does("certificate.revoke", {{"serial", serial}});
    const auto ends = [&] {
        for (const Expiry& expiry : expiriesOf(office.content()))
            if (expiry.whose == "revocation list own") return expiry;
        return Expiry{};
    };
    BOOST_TEST((ends().at == kNow + 30 * kDay));
    BOOST_TEST((warningDays(ends(), kNow) == std::nullopt));
    BOOST_TEST((warningDays(ends(), kNow + 23 * kDay) == 7));
    BOOST_TEST((warningDays(ends(), kNow + 30 * kDay) == 0));
    const std::string key = office.authority_key.toPem();
    const auto change =
        planChange(office.tree, {operationNamed("authority.renew_list"), {}, {}, {}},
                   {kNow + 29 * kDay, [&](std::optional<KeyKind>) { return PrivateKey::fromPem(key); }});
    BOOST_REQUIRE(change.ok());
    office.tree = changed(office.tree, change->files);
    BOOST_TEST((ends().at == kNow + 59 * kDay));
    const RegisteredAuthority own = office.content().authorities.at("own");
    const auto list = RevocationList::fromPem(own.list_pem, own.der);
    BOOST_REQUIRE(list.ok());
    BOOST_TEST(list->find(serial) != nullptr);
    BOOST_TEST(list->number == 2U);
}

BOOST_AUTO_TEST_CASE(applies_whole_sets_or_nothing) {
    Office office;
    FileTree wanted = office.tree;
    std::erase_if(wanted, [](const auto& file) { return file.first.ends_with('/'); });
    BOOST_TEST(office.does("apply", {}, {}, wanted) == "nothing");
    wanted["systems/housing/permits/system.yaml"] += "state: suspended\n";
    wanted.erase("systems/health/licences/system.yaml");
    const auto change = office.plan("apply", {}, {}, wanted);
    BOOST_REQUIRE(change.ok());
    BOOST_TEST(diffText(change->files) ==
               "  - systems/health/licences/system.yaml\n    - mappings: []\n"
               "  ~ systems/housing/permits/system.yaml\n    + state: suspended\n");
    wanted["systems/housing/permits/system.yaml"] += "state: perhaps\n";
    const auto broken = office.plan("apply", {}, {}, wanted);
    BOOST_TEST(broken.error().where == "systems/housing/permits/system.yaml:3");
    wanted["systems/housing/permits/system.yaml"] = "mappings: [\"\xFF\"]\n";
    BOOST_TEST(office.does("apply", {}, {}, wanted) == "register_not_good");
}

BOOST_AUTO_TEST_CASE(writes_nowhere_but_in_its_own_places) {
    Office office;
    for (const char* path :
         {"keys/log.key", "systems/../keys/log.pem", "systems/a/../../x.pem", "/etc/passwd.pem",
          "systems/housing/permits/run.sh", "systems/housing/permits/.pem", "authorities/own/ca.key",
          "mappings/a/b/mapping.yaml", "systems//x/y.pem", "", "systems/a/department.yaml/", "systems/", "x/"}) {
        FileTree wanted = office.tree;
        std::erase_if(wanted, [](const auto& file) { return file.first.ends_with('/'); });
        wanted[path] = "x";
        BOOST_TEST(office.does("apply", {}, {}, wanted) == "register_not_good", path);
    }
    BOOST_TEST(isRegisterPath("systems/housing/permits/许可 (2).pem"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(RegisterDocuments)

BOOST_AUTO_TEST_CASE(change_one_key_and_keep_the_rest) {
    const std::string yaml = "# first\nmappings:\n  - a  # why\n  - b\n\n# about reading\nmay_read: [x]\nauditor: true";
    BOOST_TEST(withLine(yaml, "mappings", yamlLine("mappings", std::vector<std::string>{"c"})) ==
               "# first\nmappings: [\"c\"]\n\n# about reading\nmay_read: [x]\nauditor: true\n");
    BOOST_TEST(withLine(yaml, "auditor", yamlLine("auditor", "false")) ==
               "# first\nmappings:\n  - a  # why\n  - b\n\n# about reading\nmay_read: [x]\nauditor: false\n");
    BOOST_TEST(withLine(yaml, "state", yamlLine("state", "suspended")) == yaml + "\nstate: suspended\n");
}

BOOST_AUTO_TEST_CASE(say_what_was_wanted_or_are_not_changed) {
    RegisteredSystem wanted;
    wanted.suspended = true;
    const auto change = [&](const char* yaml) { return changedSystemDocument("system.yaml", yaml, wanted); };
    BOOST_TEST(*change("department_code: \"1\"\n") == "department_code: \"1\"\nstate: suspended\n");
    for (const char* resists :
         {"{department_code: \"1\", state: active}", "department_code: \"1\"\n...\n", "a: &x [1]\n",
          "department_code: \"1\"\n---\nstate: suspended\n", "mappings:\n  - a\n% - b\nstate: active\n"})
        BOOST_TEST(change(resists).error().code == "register_not_good", resists);
}

BOOST_AUTO_TEST_CASE(agree_about_a_departments_code) {
    FileTree files{{"systems/housing/department.yaml", "code: \"11440232MB2C00001X\"\n"},
                   {"systems/housing/permits/system.yaml", "mappings: []\n"}};
    BOOST_TEST(readRegister(files)->systems.begin()->second.system.department_code == "11440232MB2C00001X");
    files["systems/housing/permits/system.yaml"] = "department_code: \"2\"\n";
    BOOST_TEST(readRegister(files).error().where == "systems/housing/permits/system.yaml:1");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(Expiries)

BOOST_AUTO_TEST_CASE(count_a_systems_last_good_certificate) {
    Office office;
    office.does("certificate.add", {{"system", "housing/permits"},
                                    {"certificate", selfSigned(PrivateKey::generate(KeyKind::EcP256), -1, 5)}});
    BOOST_REQUIRE(expiriesOf(office.content()).size() == 1U);
    BOOST_TEST((warningDays(expiriesOf(office.content()).front().at, kNow) == 7));
    office.does("certificate.add",
                {{"system", "housing/permits"}, {"certificate", selfSigned(PrivateKey::generate(KeyKind::EcP256))}});
    BOOST_TEST((warningDays(expiriesOf(office.content()).front().at, kNow) == std::nullopt));
    office.does("system.suspend", {{"system", "housing/permits"}});
    BOOST_TEST(expiriesOf(office.content()).empty());
}

BOOST_AUTO_TEST_CASE(warn_at_30_7_and_1_days) {
    BOOST_TEST((warningDays(kNow + 31 * kDay, kNow) == std::nullopt));
    BOOST_TEST((warningDays(kNow + 30 * kDay, kNow) == 30));
    BOOST_TEST((warningDays(kNow + 7 * kDay, kNow) == 7));
    BOOST_TEST((warningDays(kNow + kDay, kNow) == 1));
    BOOST_TEST((warningDays(kNow, kNow) == 0));
}

BOOST_AUTO_TEST_CASE(grants_each_mapping_once_and_takes_names_that_people_can_read) {
    Office office;
    BOOST_TEST(office.does("system.add", {{"system", "housing/twice"}}, {{"mappings", {"a", "b", "a"}}}) == "done");
    BOOST_TEST(office.system("housing/twice").mappings.size() == 2U);
    const auto adds = [&](const std::string& title) {
        return office.does("department.add", {{"department", "tax"}, {"code", "11440232MB2C00003X"}, {"name", title}});
    };
    BOOST_TEST(adds("   ") == "department_name_bad");
    BOOST_TEST(adds(std::string(5000, 'x')) == "department_name_bad");
    BOOST_TEST(adds("税务") == "done");
}

BOOST_AUTO_TEST_SUITE_END()
