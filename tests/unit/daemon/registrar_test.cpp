// tests/unit/daemon/registrar_test.cpp - a change of the register when the log fails, or fails and keeps it all the
// same: files and log never contradict each other.
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>

#include "gateway/adapters/files/secret_folder.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/daemon/registrar.hpp"
#include "gateway/formats/crypto/certificate.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace caseway;
namespace fs = std::filesystem;

namespace {

/// A data folder and a log that does as it is told.
struct Office {
    fixture::TemporaryFolder folder;
    Settings settings;
    SystemClock clock;
    std::optional<FaultCode> fails;
    bool keeps = false;  ///< though it fails
    std::map<std::string, std::string, std::less<>> meta;
    std::vector<AuditDocument> log;
    int taken_up = 0;
    std::unique_ptr<Registrar> registrar;

    Office() {
        settings.data = folder.path();
        for (const char* name : {"systems", "mappings", "keys"}) fs::create_directory(settings.data / name);
        registrar = std::make_unique<Registrar>(Registrar::Parts{
            settings, clock,
            [this](const AuditDocument& document, const std::string& snapshot) { return append(document, snapshot); },
            [this](std::string_view name) {
                const auto found = meta.find(name);
                return found == meta.end() ? std::optional<std::string>() : found->second;
            },
            [this] { ++taken_up; }});
    }
    LogIndex append(const AuditDocument& document, const std::string& snapshot) {
        if (!fails || keeps) {
            log.push_back(document);
            meta = {{std::string(kRegisterChange), document.change}, {std::string(kRegisterTree), snapshot}};
        }
        if (fails) throw Fault(*fails, "as told");
        return log.size() - 1;
    }
    std::string does(std::string_view operation, std::map<std::string, std::string> texts, bool dry = false) {
        const auto report = registrar->change({operationNamed(operation), std::move(texts), {}, {}}, {"li", "1"}, dry);
        return report ? "done" : report.error().code;
    }
    std::string addDepartment(const std::string& name) {
        return does("department.add", {{"department", name}, {"code", "11350200004135017C"}, {"name", "x"}});
    }
    bool has(const std::string& path) const { return fs::exists(settings.data / path); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(RegistrarOfFiles)

BOOST_AUTO_TEST_CASE(logs_then_writes_then_is_taken_up) {
    Office office;
    BOOST_TEST(office.addDepartment("housing") == "done");
    BOOST_TEST(office.has("systems/housing/department.yaml"));
    BOOST_TEST(!office.has("register.pending"));
    BOOST_REQUIRE(office.log.size() == 1U);
    BOOST_TEST(office.log.front().event == "department_added");
    BOOST_TEST(office.log.front().after.begin()->first == "systems/housing/department.yaml");
    BOOST_TEST(office.taken_up == 1);
    BOOST_TEST(office.addDepartment("housing") == "done");
    BOOST_TEST(office.log.size() == 1U);  // it was so already
}

BOOST_AUTO_TEST_CASE(knows_whose_key_it_was_after_it_was_taken_out) {
    Office office;
    office.addDepartment("housing");
    const Instant now = office.clock.now();
    const std::string der = Certificate::selfSigned(PrivateKey::generate(KeyKind::EcP256), "x",
                                                    now - std::chrono::hours(1), now + std::chrono::days(90));
    const CertificatePtr certificate = *Certificate::fromDer(der);
    const auto add = [&](const std::string& system) {
        const auto report = office.registrar->change(
            {operationNamed("certificate.add"), {{"system", system}, {"certificate", certificate->pem()}}, {}, {}},
            {"li", "1"}, false);
        return report ? *report : report.error().code;
    };
    for (const char* system : {"housing/permits", "housing/other"}) office.does("system.add", {{"system", system}});
    BOOST_TEST(add("housing/permits").find("was registered for") == std::string::npos);
    BOOST_TEST(office.does("certificate.remove",
                           {{"system", "housing/permits"}, {"key_id", certificate->id().text()}}) == "done");
    for (const char* name : {"a", "b"})  // other changes in between
        office.does("system.add", {{"system", std::string("housing/") + name}});
    BOOST_TEST(add("housing/permits").find("was registered for") == std::string::npos);
    office.does("certificate.remove", {{"system", "housing/permits"}, {"key_id", certificate->id().text()}});
    BOOST_TEST(add("housing/other").find("was registered for housing/permits before") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(changes_nothing_where_the_log_takes_nothing) {
    Office office;
    office.fails = FaultCode::StoreUnavailable;
    BOOST_CHECK_THROW(office.addDepartment("housing"), Fault);
    BOOST_TEST(!office.has("systems/housing"));
    BOOST_TEST(!office.has("register.pending"));
    BOOST_TEST(office.taken_up == 0);
}

BOOST_AUTO_TEST_CASE(finishes_what_was_logged_though_nobody_knew) {
    Office office;
    office.fails = FaultCode::StoreCommitUnknown;
    office.keeps = true;
    BOOST_CHECK_THROW(office.addDepartment("housing"), Fault);
    BOOST_TEST(office.has("register.pending"));
    office.registrar->recover();
    BOOST_TEST(office.has("systems/housing/department.yaml"));
    BOOST_TEST(!office.has("register.pending"));
}

BOOST_AUTO_TEST_CASE(forgets_what_was_not_logged) {
    Office office;
    office.fails = FaultCode::StoreCommitUnknown;
    BOOST_CHECK_THROW(office.addDepartment("housing"), Fault);
    office.fails.reset();
    BOOST_TEST(office.addDepartment("health") == "done");  // ends the one before first
    BOOST_TEST(!office.has("systems/housing"));
    BOOST_TEST(office.has("systems/health/department.yaml"));
    std::ofstream(office.settings.data / "register.pending") << "half a docu";
    office.registrar->recover();
    BOOST_TEST(!office.has("register.pending"));
}

BOOST_AUTO_TEST_CASE(plans_without_a_trace) {
    Office office;
    BOOST_TEST(office.does("authority.init", {}, true) == "done");
    BOOST_TEST(!office.has("keys/ca.key"));
    BOOST_TEST(!office.has("authorities"));
    BOOST_TEST(office.log.empty());
}

BOOST_AUTO_TEST_CASE(takes_no_mapping_with_mistakes_and_no_second_one_of_a_name) {
    Office office;
    const std::string good = "mapping: a.b\nsource: {format: json, records: \"$[*]\"}\nfields:\n  source_case_no: no\n";
    BOOST_TEST(office.does("mapping.add", {{"folder", "one"}, {"mapping", good}}) == "done");
    BOOST_TEST(office.does("mapping.add", {{"folder", "two"}, {"mapping", good}}) == "mapping_name_taken");
    BOOST_TEST(office.does("mapping.add", {{"folder", "one"}, {"mapping", good + "  case_titel: x\n"}}) ==
               "mapping_not_good");
    BOOST_TEST(office.does("mapping.add", {{"folder", "../x"}, {"mapping", good}}) == "mapping_folder_bad");
    BOOST_TEST(office.log.size() == 1U);
}

BOOST_AUTO_TEST_CASE(takes_no_mapping_out_of_force_by_accident) {
    Office office;
    office.addDepartment("housing");
    const auto mappingOf = [](const std::string& name) {
        return "mapping: " + name + "\nsource: {format: json, records: \"$[*]\"}\nfields:\n  source_case_no: no\n";
    };
    office.does("mapping.add", {{"folder", "one"}, {"mapping", mappingOf("a.b")}});
    const auto grant = [&](const std::string& name) {
        const auto report = office.registrar->change(
            {operationNamed("system.add"), {{"system", "housing/" + name}}, {{"mappings", {"a." + name}}}, {}},
            {"li", "1"}, false);
        BOOST_REQUIRE(report.ok());
        return *report;
    };
    BOOST_TEST(grant("b").find("no mapping a.b is installed") == std::string::npos);
    BOOST_TEST(grant("x").find("no mapping a.x is installed yet") != std::string::npos);
    const Operation other{operationNamed("mapping.add"), {{"folder", "one"}, {"mapping", mappingOf("c.d")}}, {}, {}};
    const auto refused = office.registrar->change(other, {"li", "1"}, false);
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST(refused.error().code == "mapping_would_go");
    BOOST_TEST(refused.error().value == "a.b");
    BOOST_TEST(refused.error().rule.find("used by housing/b") != std::string::npos, refused.error().rule);
    Operation meant = other;
    meant.texts["replace"] = "true";
    const auto done = office.registrar->change(meant, {"li", "1"}, false);
    BOOST_REQUIRE(done.ok());
    BOOST_TEST(done->find("the mapping a.b is out of force now, used by housing/b") != std::string::npos, *done);
    // The new version of a mapping needs no leave.
    BOOST_TEST(office.does("mapping.add", {{"folder", "one"}, {"mapping", mappingOf("c.d") + "  case_title: t\n"}}) ==
               "done");
}

BOOST_AUTO_TEST_CASE(keeps_a_department_of_which_secrets_are_kept) {
    Office office;
    office.addDepartment("housing");
    BOOST_TEST(office.does("secret.set", {{"secret", "housing/sftp"}, {"value", "hidden"}}) == "done");
    BOOST_TEST(office.does("department.remove", {{"department", "housing"}}) == "department_has_secrets");
    BOOST_TEST(office.does("secret.remove", {{"secret", "housing/sftp"}}) == "done");
    BOOST_TEST(office.does("department.remove", {{"department", "housing"}}) == "done");
}

BOOST_AUTO_TEST_CASE(removes_folders_with_their_last_file_and_no_others) {
    Office office;
    office.addDepartment("housing");
    BOOST_TEST(office.does("department.remove", {{"department", "housing"}}) == "done");
    BOOST_TEST(!office.has("systems/housing"));
    BOOST_TEST(office.has("systems"));
}

BOOST_AUTO_TEST_CASE(logs_what_was_changed_by_hand) {
    constexpr const char* kCodeOne = "code: \"11440232MB2C00001X\"\n";
    Office office;
    const fs::path file = office.settings.data / "systems/housing/department.yaml";
    office.registrar->noteEdits();  // the first look: nothing to compare with
    BOOST_TEST(office.log.empty());
    fs::create_directories(file.parent_path());
    std::ofstream(file) << kCodeOne;
    office.registrar->noteEdits();
    office.registrar->noteEdits();
    BOOST_REQUIRE(office.log.size() == 1U);
    BOOST_TEST(office.log.front().event == "register_edited");
    BOOST_TEST(office.log.front().after.at("systems/housing/department.yaml") == kCodeOne);
    BOOST_TEST(office.addDepartment("health") == "done");
    std::ofstream(file) << "code: \"11440232MB2C00002X\"\n";
    BOOST_TEST(office.does("department.remove", {{"department", "health"}}) == "done");  // tells the edit first
    BOOST_REQUIRE(office.log.size() == 4U);
    BOOST_TEST(office.log[2].event == "register_edited");
    BOOST_TEST(office.log[2].before.at("systems/housing/department.yaml") == kCodeOne);
}

/// From its first leaf on the log tells every file.
BOOST_AUTO_TEST_CASE(logs_what_was_there_before_the_first_change) {
    for (const bool looked : {false, true}) {
        Office office;
        const fs::path file = office.settings.data / "systems/housing/department.yaml";
        fs::create_directories(file.parent_path());
        std::ofstream(file) << "code: \"11440232MB2C00001X\"\n";
        if (looked) office.registrar->noteEdits();
        BOOST_TEST(office.log.empty());
        if (looked) {
            std::ofstream(file) << "code: \"11440232MB2C00002X\"\n";
            office.registrar->noteEdits();
        } else {
            BOOST_TEST(office.addDepartment("health") == "done");
        }
        BOOST_REQUIRE(office.log.size() == 2U);
        BOOST_TEST(office.log[0].event == "register_found");
        BOOST_TEST(office.log[0].before.empty());
        BOOST_TEST(office.log[0].after.at("systems/housing/department.yaml") == "code: \"11440232MB2C00001X\"\n");
        BOOST_TEST(office.log[1].event == (looked ? "register_edited" : "department_added"));
        BOOST_TEST(office.does("department.remove", {{"department", "housing"}}) == "done");
        BOOST_TEST(office.log.size() == 3U);
    }
}

BOOST_AUTO_TEST_CASE(logs_who_looks_at_a_message_unmasked_and_why) {
    Office office;
    const auto unmask = [&](const char* message, const std::string& reason, bool dry = false) {
        return office.does("message.unmask", {{"message", message}, {"reason", reason}}, dry);
    };
    for (const std::string& reason : {std::string(), std::string(" \n"), std::string(1001, 'x'), std::string("\xFF")})
        BOOST_TEST(unmask("12", reason) == "reason_missing");
    for (const char* message : {"", "x", "-1", "1/2", "123456789012345678901"})
        BOOST_TEST(unmask(message, "a complaint") == "bad_parameter");
    BOOST_TEST(unmask("12", "a complaint", true) == "done");
    BOOST_TEST(office.log.empty());
    office.fails = FaultCode::StoreUnavailable;
    BOOST_CHECK_THROW(unmask("12", "a complaint"), Fault);  // and nobody sees anything
    office.fails.reset();
    BOOST_TEST(unmask("12", "a complaint") == "done");
    BOOST_TEST_REQUIRE(office.log.size() == 1U);
    const AuditDocument& document = office.log.back();
    BOOST_TEST((document.event == "message_unmasked" && document.subject == "12" && document.by_name == "li"));
    BOOST_TEST(document.after.at("reason") == "a complaint");
    const std::string json = document.json();
    const LogEntry leaf = auditEntry(document, json, Instant());
    BOOST_TEST(leaf.detail.find("complaint") == std::string::npos);
    BOOST_TEST(auditDifference(leaf, json) == "");
    BOOST_TEST(office.addDepartment("housing") == "done");
    BOOST_TEST(office.log.size() == 2U);  // nothing looked like an edit by hand
}

BOOST_AUTO_TEST_CASE(logs_of_a_secret_who_and_which_and_nothing_else) {
    Office office;
    BOOST_TEST(office.addDepartment("housing") == "done");
    BOOST_TEST(office.does("secret.set", {{"secret", "housing/pw"}, {"value", "hunter2hunter2"}}) == "done");
    BOOST_TEST_REQUIRE(office.log.size() == 2U);
    const AuditDocument& document = office.log.back();
    BOOST_TEST(document.event == "secret_set");
    BOOST_TEST(document.subject == "housing/pw");
    BOOST_TEST(document.by_name == "li");
    BOOST_TEST((document.before.empty() && document.after.empty()));
    BOOST_TEST(!office.has("register.pending"));
    BOOST_TEST(*SecretFolder(office.settings.data).get({"housing", "pw"}) == "hunter2hunter2");
    // two secrets of one value leave nothing by which they could be told to be one
    BOOST_TEST(office.does("secret.set", {{"secret", "all/other"}, {"value", "hunter2hunter2"}}) == "done");
    BOOST_TEST(office.log.back().json().find("other") != std::string::npos);
    BOOST_TEST(office.does("secret.remove", {{"secret", "all/other"}}) == "done");
    BOOST_TEST(office.log.back().event == "secret_removed");
    BOOST_TEST(office.does("secret.set", {{"secret", "nobody/pw"}, {"value", "x"}}) == "department_unknown");
    BOOST_TEST(office.does("secret.set", {{"secret", "pw"}, {"value", "x"}}) == "secret_name_bad");
    BOOST_TEST(office.does("secret.set", {{"secret", "housing/../pw"}, {"value", "x"}}) == "secret_name_bad");
    BOOST_TEST(office.does("secret.set", {{"secret", "housing/pw"}}) == "secret_empty");
    BOOST_TEST(office.does("secret.remove", {{"secret", "housing/none"}}) == "secret_unknown");
    BOOST_TEST(office.log.size() == 4U);
    BOOST_TEST(office.does("secret.set", {{"secret", "housing/dry"}, {"value", "x"}}, true) == "done");
    BOOST_TEST(!SecretFolder(office.settings.data).has({"housing", "dry"}));
    Office untouched;
    BOOST_TEST(untouched.does("secret.set", {{"secret", "all/dry"}, {"value", "x"}}, true) == "done");
    BOOST_TEST(!untouched.has("keys/secrets.key"));
}

BOOST_AUTO_TEST_CASE(keeps_a_secret_where_its_leaf_is_and_there_alone) {
    Office office;
    BOOST_TEST(office.addDepartment("housing") == "done");
    const auto sets = [&] { return office.does("secret.set", {{"secret", "housing/pw"}, {"value", "hunter2"}}); };
    const auto stands = [&] { return SecretFolder(office.settings.data).has({"housing", "pw"}); };
    office.fails = FaultCode::StoreUnavailable;
    BOOST_CHECK_THROW(sets(), Fault);
    BOOST_TEST(!stands());
    for (const bool keeps : {false, true}) {
        office.fails = FaultCode::StoreCommitUnknown;
        office.keeps = keeps;
        BOOST_CHECK_THROW(sets(), Fault);
        BOOST_TEST(!stands());
        office.fails.reset();
        office.registrar->recover();
        BOOST_TEST(stands() == keeps);
        BOOST_TEST(!office.has("register.pending"));
    }
    BOOST_TEST(*SecretFolder(office.settings.data).get({"housing", "pw"}) == "hunter2");
}

BOOST_AUTO_TEST_CASE(lets_no_department_be_called_all) {
    Office office;
    BOOST_TEST(office.addDepartment("all") == "department_name_bad");
    BOOST_TEST(office.does("system.add", {{"system", "all/permits"}}) != "done");
}

BOOST_AUTO_TEST_SUITE_END()
