// tests/unit/daemon/registrar_draft_test.cpp - a secret that a hand wrote into a connector's file goes into no leaf, no
// snapshot, no plan.
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

#include "gateway/daemon/connector_judge.hpp"
#include "gateway/daemon/registrar.hpp"
#include "tests/support/memory_connector.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace caseway;
namespace fs = std::filesystem;

namespace {

const std::string kDraft = "systems/housing/permits/connectors/nightly/draft.yaml";
const std::string kClean = "type: memory\ndirection: pull\nmapping: a.b\nsettings:\n  table: t\n";
/// Each has the secret where only a hand writes it.
const std::string kSecrets[] = {
    kClean + "  password: hunter2hunter2\n",
    kClean + "  password: [hunter2hunter2]\n",
    kClean + "  password: {secret: \"hunter2 hunter2\"}\n",
    kClean + "  table: https://center:hunter2hunter2@housing.example/\n",
    "type: nobody_knows\ndirection: pull\nmapping: a.b\nsettings:\n  pass: hunter2hunter2\n",
    "type: memory\npassword: hunter2hunter2\ndirection: pull\nmapping: a.b\nsettings:\n  table: t\n",
    "type: memory\nsettings: {password: hunter2hunter2\n",
};

struct Office {
    fixture::TemporaryFolder folder;
    Settings settings;
    SystemClock clock;
    ConnectorTypes types;
    std::map<std::string, std::string, std::less<>> meta;
    std::string seen;  ///< all that was logged, kept or answered
    std::unique_ptr<Registrar> registrar;

    Office() {
        types = installedConnectorTypes(settings);
        types.add(std::make_unique<test::MemoryType>(std::make_shared<test::ListSource>()));
        settings.data = folder.path();
        for (const char* name : {"systems/housing/permits", "mappings", "keys"})
            fs::create_directories(settings.data / name);
        write("systems/housing/department.yaml", "code: \"11350200004135017C\"\nname: \"x\"\n");
        write("systems/housing/permits/system.yaml", "mappings: []\n");
        registrar = std::make_unique<Registrar>(Registrar::Parts{
            settings, clock,
            [this](const AuditDocument& document, const std::string& snapshot) {
                seen += document.json() + snapshot;
                meta = {{std::string(kRegisterChange), document.change}, {std::string(kRegisterTree), snapshot}};
                return LogIndex{};
            },
            [this](std::string_view name) {
                const auto found = meta.find(name);
                return found == meta.end() ? std::optional<std::string>() : found->second;
            },
            [] {}, &types});
    }
    void write(const std::string& path, const std::string& text) const {
        fs::create_directories((settings.data / path).parent_path());
        std::ofstream(settings.data / path) << text;
    }
    /// "done", or the code of the refusal. `dry`: the plan.
    std::string applies(FileTree files, bool dry) {
        const auto report = registrar->change({operationNamed("apply"), {}, {}, std::move(files)}, {"li", "1"}, dry);
        if (!report) return report.error().code;
        seen += *report;
        return "done";
    }
    FileTree files() const {
        FileTree tree = registrar->tree();
        std::erase_if(tree, [](const auto& file) { return file.first.ends_with('/'); });
        return tree;
    }
};

/// Drafts whose settings take any name: none of them takes a secret in clear.
const std::string kLiterals[] = {
    "type: http\nsettings:\n  url: https://h/\n  records: $\n  fields: {X-Api-Key: hunter2hunter2}\n",
    "type: http\nsettings:\n  url: https://h/\n  fields: {Authorization: \"Bearer hunter2hunter2\"}\n",
    "type: http\nsettings:\n  url: https://h/\n  parameters: {token: hunter2hunter2}\n",
    "type: http\nsettings:\n  url: https://h/?access_token=hunter2hunter2\n",
    "type: http\nsettings:\n  url: https://hunter2hunter2@h/\n",
    "type: http\nsettings:\n  url: https://h/\n  proxy: {url: \"http://u:hunter2hunter2@p:3128\"}\n",
    "type: soap\nsettings:\n  url: https://h/\n  request: <a/>\n  values: {password: hunter2hunter2}\n",
    "type: soap\nsettings:\n  url: https://h/?key=hunter2hunter2\n  request: <a/>\n",
    "type: thrift\nsettings:\n  host: h\n  port: 1\n  remote: {password: hunter2hunter2}\n",
    "type: thrift\nsettings:\n  host: h\n  port: 1\n  remote: {login: {api_key: hunter2hunter2}}\n",
    "type: thrift\nsettings:\n  host: h\n  port: 1\n  remote: {at: [\"https://h/?token=hunter2hunter2\"]}\n",
    "type: sql\nsettings:\n  driver: SQLite3\n  table: t\n  key: [id]\n  options: {Pwd: hunter2hunter2}\n",
};

bool hasSecret(const std::string& text) {
    return text.find("hunter2") != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RegistrarOfDrafts)

BOOST_AUTO_TEST_CASE(shows_no_secret_that_a_hand_wrote) {
    for (const std::string& draft : kSecrets) {
        for (const bool goes : {true, false}) {  // the apply takes the draft away, or puts a good one in its place
            Office office;
            office.write(kDraft, draft);
            office.registrar->noteEdits();
            FileTree wanted = office.files();
            if (goes)
                wanted.erase(kDraft);
            else
                wanted[kDraft] = kClean;
            BOOST_TEST(office.applies(wanted, true) == "done", draft);
            BOOST_TEST(office.applies(wanted, false) == "done", draft);
            BOOST_TEST(!hasSecret(office.seen), office.seen);
            BOOST_TEST(office.seen.find("sha256:") != std::string::npos, draft);
            BOOST_TEST(fs::exists(office.settings.data / kDraft) != goes);
            office.write(kDraft, draft);
            office.registrar->noteEdits();
            BOOST_TEST(!hasSecret(office.seen), office.seen);
        }
    }
}

BOOST_AUTO_TEST_CASE(hides_what_an_older_version_kept_in_its_snapshot) {
    Office office;
    office.write(kDraft, kClean);
    AuditDocument former;
    former.after = office.files();
    former.after[kDraft] = kSecrets[1];
    office.meta = {{std::string(kRegisterTree), former.json()}};
    office.registrar->noteEdits();
    BOOST_TEST(!office.seen.empty());
    BOOST_TEST(!hasSecret(office.seen), office.seen);
}

BOOST_AUTO_TEST_CASE(takes_no_secret_in_clear) {
    for (const std::string& literal : kLiterals) {
        const std::string draft = "direction: pull\nmapping: a.b\n" + literal;
        Office office;
        const Operation add{
            operationNamed("connector.add"), {{"connector", "housing/permits/nightly"}, {"document", draft}}, {}, {}};
        FileTree wanted = office.files();
        wanted["systems/housing/permits/connectors/nightly/versions/0001.yaml"] =
            versionYaml(draft, {"1", std::string(64, 'a'), "2026-03-01T08:00:00+08:00"});
        wanted["systems/housing/permits/connectors/nightly/state.yaml"] = "live: 1\nstate: suspended\n";
        FileTree drafted = office.files();
        drafted[kDraft] = draft;
        for (const Operation& operation : {add, Operation{operationNamed("apply"), {}, {}, drafted},
                                           Operation{operationNamed("apply"), {}, {}, wanted}}) {
            const auto report = office.registrar->change(operation, {"li", "1"}, false);
            BOOST_REQUIRE_MESSAGE(!report.ok(), draft);
            std::string told = report.error().code + report.error().value + report.error().rule + report.error().hint;
            bool is_told = report.error().code == "secret_literal";
            for (const Refusal& also : report.error().also) {
                told += also.code + also.value + also.rule + also.hint;
                is_told = is_told || also.code == "secret_literal";
            }
            BOOST_TEST(is_told, draft << told);
            BOOST_TEST(!hasSecret(told), told);
            BOOST_TEST(told.find("caseway secret set") != std::string::npos, told);
        }
        office.registrar->noteEdits();
        BOOST_TEST(!hasSecret(office.seen), office.seen);
        BOOST_TEST(!fs::exists(office.settings.data / kDraft));
    }
}

BOOST_AUTO_TEST_CASE(shows_a_draft_that_bears_none) {
    Office office;
    FileTree wanted = office.files();
    wanted[kDraft] = kClean;
    BOOST_TEST(office.applies(wanted, false) == "done");
    BOOST_TEST(office.seen.find("table: t") != std::string::npos);
    BOOST_TEST(office.seen.find("sha256:") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(knows_the_files_that_may_bear_one) {
    Office office;
    const std::string folder = "systems/housing/permits/connectors/nightly/";
    const std::string& text = kSecrets[0];
    for (const char* name : {"draft.yaml", "versions/0001.yaml"}) {
        BOOST_TEST(mayBearSecret(&office.types, folder + name, text), name);
        BOOST_TEST(!mayBearSecret(&office.types, folder + name, kClean), name);
    }
    for (const char* name : {"state.yaml", "versions/0001.mapping.yaml"})
        BOOST_TEST(!mayBearSecret(&office.types, folder + name, text), name);
    BOOST_TEST(mayBearSecret(nullptr, folder + "draft.yaml", kClean));
    const std::string digest = withoutSecret(&office.types, kDraft, text);
    BOOST_TEST(withoutSecret(&office.types, kDraft, digest) == digest);
    BOOST_TEST(withoutSecret(&office.types, kDraft, "sha256:hunter2") != "sha256:hunter2");
}

BOOST_AUTO_TEST_SUITE_END()
