// tests/unit/plan/apply_test.cpp - an apply is no way around what the commands hold: certificates, authorities, lists.
#include <boost/test/unit_test.hpp>

#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/crypto/issue_certificate.hpp"
#include "gateway/register/unknown_mappings.hpp"
#include "tests/support/weak_signatures.hpp"
#include "tests/unit/plan/office.hpp"

using namespace caseway;
using fixture::kDay;
using fixture::keyIdOf;
using fixture::kNow;
using fixture::Lists;
using fixture::Office;
using fixture::selfSigned;
using fixture::Texts;

namespace {

const std::string kSystem = "housing/permits";

FileTree filesOf(const FileTree& tree) {
    FileTree files = tree;
    std::erase_if(files, [](const auto& file) { return file.first.ends_with('/'); });
    return files;
}

std::string pathOf(const std::string& pem) {
    return "systems/" + kSystem + "/" + keyIdOf(pem).substr(0, 16) + ".pem";
}

/// What an apply of the installation with one file more, another or less says.
std::string applied(Office& office, const std::string& path, const std::string& bytes) {
    FileTree wanted = filesOf(office.tree);
    wanted[path] = bytes;
    return office.does("apply", {}, {}, wanted);
}
std::string without(Office& office, const std::string& path) {
    FileTree wanted = filesOf(office.tree);
    BOOST_REQUIRE(wanted.erase(path) == 1U);
    return office.does("apply", {}, {}, wanted);
}

std::string authorityOf(const PrivateKey& key, int from = -100, int to = 1000) {
    return makeAuthority(key, "Province", {kNow + from * kDay, kNow + to * kDay});
}
std::string issuedBy(const PrivateKey& authority, const std::string& der, const PrivateKey& key) {
    const auto request = CertificateRequest::fromPem(CertificateRequest::make(key, "housing", "permits"));
    return pemOfCertificate(
        issueCertificate(*request, "housing", "permits", {kNow - kDay, kNow + 90 * kDay}, der, authority));
}
std::string listOf(const PrivateKey& key, const std::string& der, int day, std::vector<std::string> serials = {}) {
    RevocationList list;
    list.this_update = kNow + day * kDay;
    list.number = 1;
    for (std::string& serial : serials) list.revoked.push_back({std::move(serial), kNow - kDay});
    return makeRevocationList(list, der, key);
}
std::string serialOf(const std::string& pem) {
    return factsOfDer(certificatesOfPem(pem)->front())->serial;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Apply)

BOOST_AUTO_TEST_CASE(names_of_mappings_that_no_mapping_has_are_told_with_their_place_and_the_near_one) {
    const std::set<std::string> known{"housing.permit", "health.licence"};
    const std::string file = "systems/housing/permits/system.yaml",
                      draft = "systems/housing/permits/connectors/n/draft.yaml";
    const auto told = [&](const char* operation, Lists lists, std::vector<FileChange> files) {
        std::string all;
        for (const std::string& one :
             unknownMappings({operationNamed(operation), {}, std::move(lists), {}}, files, known))
            all += one + "\n";
        return all;
    };
    const std::string meant =
        "no mapping housing.permitt is installed yet: did you mean 'housing.permit'? else: caseway mapping add DIR; "
        "installed: health.licence, housing.permit\n";
    BOOST_TEST(told("system.add", {{"mappings", {"housing.permitt", "health.licence"}}}, {}) == meant);
    BOOST_TEST(told("system.grant", {{"mappings", {"x"}}}, {}) ==
               "no mapping x is installed yet: caseway mapping add DIR; installed: health.licence, housing.permit\n");
    const std::string yaml = "# ours\nmappings:\n  - health.licence\n  - housing.permitt\n";
    BOOST_TEST(told("apply", {}, {{file, std::nullopt, yaml}}) == file + ":4: " + meant);
    BOOST_TEST(told("apply", {}, {{file, yaml, yaml + "auditor: true\n"}}) == "");
    BOOST_TEST(told("apply", {}, {{file, yaml, std::nullopt}}) == "");
    BOOST_TEST(told("apply", {}, {{draft, std::nullopt, "type: folder\nmapping: housing.permitt\nsettings: {}\n"}}) ==
               draft + ":2: " + meant);
}

BOOST_AUTO_TEST_CASE(brings_no_new_grant_of_what_is_no_department) {
    Office office;
    const std::string file = "systems/housing/permits/system.yaml";
    BOOST_TEST(applied(office, file, "mappings: []\non_behalf_of: [police]\n") == "grant_name_bad");
    BOOST_TEST(applied(office, file, "mappings: []\nmay_read: [../x]\n") == "grant_name_bad");
    office.tree[file] = "mappings: []\non_behalf_of: [police]\n";  // of a former release
    BOOST_TEST(applied(office, file, "mappings: [c]\non_behalf_of: [police]\n") == "done");
    BOOST_TEST(applied(office, file, "mappings: [c]\non_behalf_of: [police, health]\n") == "grant_name_bad");
    BOOST_TEST(office.does("system.suspend", {{"system", "health/licences"}}) == "done");
    const FileTree kept = filesOf(office.tree);  // an export of it is restored as it is
    office.tree.clear();
    BOOST_TEST(office.does("apply", {}, {}, kept) == "done");
}

/// Its empty folders stood for a system without a system.yaml, so that neither went.
BOOST_AUTO_TEST_CASE(a_system_goes_with_all_the_folders_of_its_connectors) {
    for (const bool by_command : {false, true}) {
        Office office;
        const std::string folder = "systems/" + kSystem + "/";
        office.tree[folder + "connectors/nightly/draft.yaml"] =
            "type: folder\ndirection: pull\nmapping: a\nsettings: {folder: /srv/x}\n";
        for (const char* below : {"", "connectors/", "connectors/nightly/", "connectors/nightly/versions/"})
            office.tree[folder + below] = "";
        FileTree wanted = filesOf(office.tree);
        std::erase_if(wanted, [&](const auto& file) { return file.first.starts_with(folder); });
        if (by_command) {
            BOOST_TEST(office.does("system.suspend", {{"system", kSystem}}) == "done");
            BOOST_TEST(office.does("system.remove", {{"system", kSystem}}) == "done");
        } else {
            BOOST_TEST(office.does("apply", {}, {}, wanted) == "done");
        }
        for (const auto& [path, bytes] : office.tree) BOOST_TEST(!path.starts_with(folder), path);
        BOOST_TEST(office.tree.contains("systems/"));
    }
}

BOOST_AUTO_TEST_CASE(takes_no_certificate_that_a_command_would_not) {
    Office office;
    const PrivateKey key = PrivateKey::generate(KeyKind::EcP256), other = PrivateKey::generate(KeyKind::EcP256);
    const std::string expired = selfSigned(key, -10, -1), good = selfSigned(key);
    BOOST_TEST(applied(office, pathOf(expired), expired) == "certificate_expired");
    const std::string foreign = issuedBy(other, authorityOf(other), key);
    BOOST_TEST(applied(office, pathOf(foreign), foreign) == "issuer_missing");
    const std::string authority = pemOfCertificate(authorityOf(key));  // may sign certificates alone
    BOOST_TEST(applied(office, pathOf(authority), authority) == "usage_wrong");
    BOOST_TEST(applied(office, pathOf(good), good) == "done");
    BOOST_TEST(applied(office, pathOf(good), good) == "nothing");
    // What was registered while it was good stands in no apply's way later.
    FileTree wanted = filesOf(office.tree);
    wanted["systems/housing/permits/system.yaml"] += "state: suspended\n";
    const auto change = planChange(office.tree, {operationNamed("apply"), {}, {}, wanted}, {kNow + 900 * kDay, {}});
    BOOST_TEST(change.ok());
}

BOOST_AUTO_TEST_CASE(takes_no_list_that_is_signed_over_a_weak_digest_and_keeps_one_that_is_here) {
    Office office;
    const PrivateKey province = PrivateKey::generate(KeyKind::EcP256);
    const std::string der = authorityOf(province), list = "authorities/province/crl.pem";
    BOOST_TEST(applied(office, "authorities/province/ca.pem", pemOfCertificate(der)) == "done");
    const std::string weak =
        fixture::listOver({"SHA1", false, true}, listOf(province, der, -2, {"5f"}), handleOf(province));
    BOOST_TEST(office.does("authority.list", {{"authority", "province"}, {"list", weak}}) == "signature_too_weak");
    BOOST_TEST(applied(office, list, weak) == "signature_too_weak");
    office.tree[list] = weak;  // of a former release
    BOOST_TEST(office.does("system.suspend", {{"system", "health/licences"}}) == "done");
    BOOST_TEST(office.does("authority.list",
                           {{"authority", "province"}, {"list", listOf(province, der, -1, {"5f"})}}) == "done");
}

BOOST_AUTO_TEST_CASE(takes_its_own_past_into_an_installation_that_holds_nothing) {
    const PrivateKey key = PrivateKey::generate(KeyKind::EcP256), other = PrivateKey::generate(KeyKind::EcP256);
    const std::string expired = selfSigned(key, -10, -1), foreign = issuedBy(other, authorityOf(other), key);
    Office former, fresh;
    fresh.tree = {{"systems/", ""}};
    FileTree wanted = filesOf(former.tree);
    wanted[pathOf(expired)] = expired;
    FileTree with_foreign = wanted;
    with_foreign[pathOf(foreign)] = foreign;
    // Not where something is; of the two the one whose path comes first is told.
    const std::string told = former.does("apply", {}, {}, with_foreign);
    BOOST_TEST(told == (pathOf(expired) < pathOf(foreign) ? "certificate_expired" : "issuer_missing"));
    BOOST_TEST(fresh.does("apply", {}, {}, wanted) == "done");
    BOOST_TEST_REQUIRE(!fresh.warnings.empty());
    BOOST_TEST(fresh.warnings.front().find("what it signs is judged when it comes") != std::string::npos);
    // So is an authority that has ended meanwhile, with what rests on it.
    const std::string old = authorityOf(other, -100, -1), under = issuedBy(other, old, key);
    Office again;
    again.tree = {{"systems/", ""}};
    wanted.erase(pathOf(expired));
    wanted["authorities/old/ca.pem"] = pemOfCertificate(old);
    wanted[pathOf(under)] = under;
    BOOST_TEST(again.does("apply", {}, {}, wanted) == "done");
    BOOST_TEST(again.warnings.size() == 2U);
}

/// An export is what was registered, also where the authority that vouched for it went.
BOOST_AUTO_TEST_CASE(restores_what_outlived_its_authority) {
    const PrivateKey province = PrivateKey::generate(KeyKind::EcP256), key = PrivateKey::generate(KeyKind::EcP256),
                     successor = PrivateKey::generate(KeyKind::EcP256);
    const std::string der = authorityOf(province), pem = issuedBy(province, der, key);
    Office former;
    former.does("authority.add", {{"authority", "province"}, {"certificate", pemOfCertificate(der)}});
    BOOST_TEST(former.does("certificate.add", {{"system", kSystem}, {"certificate", pem}}) == "done");
    BOOST_TEST(former.does("authority.remove", {{"authority", "province"}}) == "done");
    const auto restores = [&] {
        Office fresh;
        fresh.tree = {{"systems/", ""}};
        BOOST_TEST(fresh.does("apply", {}, {}, filesOf(former.tree)) == "done");
        BOOST_TEST(fresh.warnings.size() == 1U);
        BOOST_TEST((filesOf(fresh.tree) == filesOf(former.tree)));
        BOOST_TEST(fresh.does("apply", {}, {}, filesOf(former.tree)) == "nothing");
    };
    restores();
    former.does("authority.add",
                {{"authority", "province"}, {"certificate", pemOfCertificate(authorityOf(successor))}});
    restores();
}

BOOST_AUTO_TEST_CASE(brings_no_revoked_key_back) {
    Office office;
    office.does("authority.init", {});
    const PrivateKey key = PrivateKey::generate(KeyKind::EcP256);
    BOOST_TEST(office.does("certificate.issue",
                           {{"system", kSystem}, {"request", CertificateRequest::make(key, "housing", "permits")}}) ==
               "done");
    const std::string pem = office.made.at("certificate"), serial = office.made.at("serial");
    BOOST_TEST(office.does("certificate.revoke", {{"serial", serial}}) == "done");
    const std::string again = selfSigned(key);
    BOOST_TEST(applied(office, pathOf(again), again) == "certificate_revoked");
    BOOST_TEST(applied(office, pathOf(pem), pem) == "certificate_revoked");
    // Nor by taking away what says so, before or in the same apply.
    const std::string record = "authorities/own/issued/" + serial + ".pem";
    BOOST_TEST(without(office, record) == "issued_record_goes");
    BOOST_TEST(applied(office, record, again) == "issued_record_goes");
    BOOST_TEST(without(office, "authorities/own/crl.pem") == "revocation_list_older");
    FileTree wanted = filesOf(office.tree);
    std::erase_if(wanted, [](const auto& file) { return file.first.starts_with("authorities/own/"); });
    wanted[pathOf(again)] = again;
    BOOST_TEST(office.does("apply", {}, {}, wanted) == "authority_name_bad");
}

BOOST_AUTO_TEST_CASE(takes_no_older_list_and_no_other_authority_of_our_own) {
    Office office;
    const PrivateKey province = PrivateKey::generate(KeyKind::EcP256), key = PrivateKey::generate(KeyKind::EcP256);
    const std::string der = authorityOf(province), pem = issuedBy(province, der, key);
    BOOST_TEST(applied(office, "authorities/province/ca.pem", pemOfCertificate(der)) == "done");
    BOOST_TEST(applied(office, "authorities/province/crl.pem", listOf(province, der, -2, {serialOf(pem)})) == "done");
    BOOST_TEST(applied(office, "authorities/province/crl.pem", listOf(province, der, -3)) == "revocation_list_older");
    BOOST_TEST(without(office, "authorities/province/crl.pem") == "revocation_list_older");
    BOOST_TEST(applied(office, pathOf(pem), pem) == "certificate_revoked");
    // Nor under another name.
    FileTree wanted = filesOf(office.tree);
    std::erase_if(wanted, [](const auto& file) { return file.first.starts_with("authorities/province/"); });
    wanted["authorities/second/ca.pem"] = pemOfCertificate(der);
    wanted["authorities/second/crl.pem"] = listOf(province, der, -3);
    BOOST_TEST(office.does("apply", {}, {}, wanted) == "revocation_list_older");
    wanted["authorities/second/crl.pem"] = listOf(province, der, -1, {serialOf(pem)});
    BOOST_TEST(office.does("apply", {}, {}, wanted) == "done");

    const std::string old = authorityOf(key, -100, -1);
    BOOST_TEST(applied(office, "authorities/old/ca.pem", pemOfCertificate(old)) == "certificate_expired");
    BOOST_TEST(applied(office, "authorities/none/ca.pem", selfSigned(key)) == "issuer_no_authority");
    office.does("authority.init", {});
    BOOST_TEST(applied(office, "authorities/own/ca.pem", pemOfCertificate(der)) == "authority_name_bad");
    BOOST_TEST(without(office, "authorities/own/ca.pem") == "authority_name_bad");
    BOOST_TEST(applied(office, "authorities/own/issued/" + serialOf(pem) + ".pem", pem) == "issuer_differs");
    BOOST_TEST(applied(office, "authorities/second/issued/" + serialOf(pem) + ".pem", pem) == "register_not_good");
}

BOOST_AUTO_TEST_CASE(takes_no_list_of_the_future_and_tells_two_of_one_second_by_their_numbers) {
    Office office;
    const PrivateKey province = PrivateKey::generate(KeyKind::EcP256);
    const std::string der = authorityOf(province), list = "authorities/province/crl.pem";
    office.does("authority.add", {{"authority", "province"}, {"certificate", pemOfCertificate(der)}});
    const auto hand = [&](std::uint64_t number, std::vector<std::string> serials, Instant at = kNow) {
        RevocationList made;
        made.this_update = at;
        made.number = number;
        for (std::string& serial : serials) made.revoked.push_back({std::move(serial), kNow - kDay});
        return makeRevocationList(made, der, province);
    };
    const auto takes = [&](const std::string& pem) {
        return office.does("authority.list", {{"authority", "province"}, {"list", pem}});
    };
    const std::string future = hand(9, {"5f"}, kNow + 1000 * kDay);
    BOOST_TEST(takes(future) == "revocation_list_ahead");
    BOOST_TEST(applied(office, list, future) == "revocation_list_ahead");
    BOOST_TEST(takes(hand(1, {}, kNow + std::chrono::minutes(4))) == "done");  // clocks differ
    BOOST_TEST(takes(hand(2, {}, kNow + std::chrono::minutes(6))) == "revocation_list_ahead");
    BOOST_TEST(takes(hand(2, {"5f"}, kNow + std::chrono::minutes(4))) == "done");
    BOOST_TEST(takes(hand(1, {}, kNow + std::chrono::minutes(4))) == "revocation_list_older");
    BOOST_TEST(takes(hand(2, {"6a"}, kNow + std::chrono::minutes(4))) == "revocation_list_older");  // forgets one
    BOOST_TEST(takes(hand(2, {"5f", "6a"}, kNow + std::chrono::minutes(4))) == "done");
    BOOST_TEST(takes(hand(3, {}, kNow + std::chrono::minutes(4))) == "done");  // so its authority says
    BOOST_TEST(takes(hand(2, {"5f"}, kNow + std::chrono::minutes(5))) == "revocation_list_older");  // numbers only rise
    // One that was taken under former rules stands in the way of no list that is newer by its number.
    office.tree[list] = future;
    BOOST_TEST(takes(hand(8, {"5f"})) == "revocation_list_older");
    BOOST_TEST(takes(hand(9, {})) == "revocation_list_older");  // forgets one
    BOOST_TEST(takes(hand(0, {"5f"})) == "revocation_list_older");
    BOOST_TEST(takes(hand(10, {})) == "done");
    BOOST_TEST(office.warnings.size() == 1U);
    BOOST_TEST(takes(hand(9, {"5f"})) == "revocation_list_older");
    // Where its authority numbers none, what it names must not be forgotten.
    office.tree[list] = hand(0, {"5f"}, kNow + 1000 * kDay);
    BOOST_TEST(takes(hand(0, {"6a"})) == "revocation_list_older");
    BOOST_TEST(takes(hand(1, {"6a"})) == "revocation_list_older");
    BOOST_TEST(takes(hand(0, {"5f", "6a"})) == "done");
}

BOOST_AUTO_TEST_CASE(takes_no_file_named_like_the_key_id_of_another_and_shows_whose_it_is) {
    Office office;
    const std::string pem = selfSigned(PrivateKey::generate(KeyKind::EcP256));
    const std::string id = keyIdOf(pem);
    for (const std::string& name : {id.substr(1, 16), std::string("0123456789abcdef"), id + "0"})
        BOOST_TEST(applied(office, "systems/housing/permits/" + name + ".pem", pem) == "certificate_file_name_bad",
                   name);
    for (const std::string& name : {std::string("new"), std::string("permits-2026"), id}) {  // by hand, as it likes
        Office other;
        BOOST_TEST(applied(other, "systems/housing/permits/" + name + ".pem", pem) == "done", name);
    }
    FileTree wanted = filesOf(office.tree);
    wanted[pathOf(pem)] = pem;
    const auto change = office.plan("apply", {}, {}, wanted);
    BOOST_REQUIRE(change.ok());
    BOOST_TEST(diffText(change->files, change->notes) ==
               "  + " + pathOf(pem) + "\n    + CN=x, key id " + id + ", until " + toRfc3339(kNow + 300 * kDay) + "\n");
    const std::string person = (*Certificate::fromDer(Certificate::selfSigned(PrivateKey::generate(KeyKind::EcP256),
                                                                              "张小三", kNow - kDay, kNow + kDay)))
                                   ->pem();
    wanted[pathOf(person)] = person;
    const auto masked = office.plan("apply", {}, {}, wanted);
    BOOST_REQUIRE(masked.ok());
    const std::string text = diffText(masked->files, masked->notes);
    BOOST_TEST(text.find("小") == std::string::npos);
    BOOST_TEST(text.find(keyIdOf(person)) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(tells_every_certificate_at_once) {
    Office office;
    const PrivateKey key = PrivateKey::generate(KeyKind::EcP256);
    const std::string first = selfSigned(key, -10, -1), second = selfSigned(key, -20, -2);
    FileTree wanted = filesOf(office.tree);
    wanted[pathOf(first)] = first;
    wanted[pathOf(second)] = second;
    const auto change = office.plan("apply", {}, {}, wanted);
    BOOST_REQUIRE(!change.ok());
    BOOST_TEST(change.error().also.size() == 1U);
    BOOST_TEST(change.error().where.starts_with("systems/housing/permits/"));
}

BOOST_AUTO_TEST_CASE(takes_no_cases_from_a_department_by_another_code) {
    Office office;
    const std::string file = "systems/housing/department.yaml", other = "code: \"11440232MB2C00002X\"\n";
    BOOST_TEST(applied(office, file, other) == "done");  // nothing stands under the former one
    office.codes_of_cases = {"11440232MB2C00002X"};
    BOOST_TEST(applied(office, file, "code: \"11350200004135017C\"\n") == "department_code_has_cases");
    BOOST_TEST(applied(office, file, other + "name: 住建\n") == "done");
    // Who comes to a code that has cases is told so.
    office.codes_of_cases = {"11440232MB2C00003X"};
    BOOST_TEST(office.does("department.add", {{"department", "tax"}, {"code", "11440232MB2C00003X"}, {"name", "税"}}) ==
               "done");
    BOOST_TEST_REQUIRE(office.warnings.size() == 1U);
    BOOST_TEST(office.warnings.front().find("reads and writes them") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(makes_the_plan_that_was_looked_at_and_no_other) {
    Office office;
    FileTree wanted = filesOf(office.tree);
    wanted["systems/police/department.yaml"] = "code: \"11440232MB2C00002X\"\n";
    const auto plan = office.plan("apply", {}, {}, wanted);
    BOOST_REQUIRE(plan.ok());
    const std::string agreed = digestOf(plan->files);
    // Meanwhile somebody else registers a department, which the folder does not have.
    office.does("department.add", {{"department", "tax"}, {"code", "11440232MB2C00003X"}, {"name", "税务"}});
    BOOST_TEST(office.does("apply", {{"plan", agreed}}, {}, wanted) == "plan_changed");
    BOOST_TEST(office.content().departments.contains("tax"));
    office.does("department.remove", {{"department", "tax"}});
    BOOST_TEST(office.does("apply", {{"plan", agreed}}, {}, wanted) == "done");
    BOOST_TEST(office.content().departments.contains("police"));
}

BOOST_AUTO_TEST_SUITE_END()
