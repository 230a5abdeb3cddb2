// tests/unit/daemon/connector_access_test.cpp - what connectors may reach: folders, secrets; and the threads of tests.
#include "gateway/daemon/connector_access.hpp"

#include <sys/stat.h>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <future>

#include "gateway/adapters/files/real_path.hpp"
#include "gateway/adapters/files/secret_folder.hpp"
#include "gateway/daemon/opened_entries.hpp"
#include "gateway/daemon/secret_lookup.hpp"
#include "gateway/daemon/trial_room.hpp"
#include "gateway/formats/crypto/sealed_text.hpp"
#include "tests/support/dead_mount.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace caseway;
namespace fs = std::filesystem;

namespace {

struct Place {
    fixture::TemporaryFolder folder;
    Settings settings;
    fs::path root;
    Place() : root(fs::canonical(folder.path())) {
        settings.data = root / "data";
        for (const char* name : {"data/keys", "data/systems", "open/deep", "openly", "closed"})
            fs::create_directories(root / name);
        fs::create_directory_symlink(root / "closed", root / "open/link");
        fs::create_directory_symlink(root / "data", root / "open/data");
        settings.connectors.folders = opened("housing", "open") + " , " + opened("all", "missing");
    }
    std::string opened(const std::string& whose, const char* path) const {
        return whose + "=" + (root / path).string();
    }
    bool may(const fs::path& path, const char* department = "housing") const {
        return whyNotFolder(settings, department, path.string()).empty();
    }
    std::string secretIs(const char* reference, const char* department = "housing") const {
        const auto secret = secretLookup(settings, department)(*SecretReference::parse(reference));
        return secret ? *secret : secret.error().code;
    }
    void write(const char* path, const char* text, mode_t mode) const {
        std::ofstream(root / path, std::ios::binary) << text;
        ::chmod((root / path).c_str(), mode);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ConnectorAccessRules)

BOOST_AUTO_TEST_CASE(a_share_that_does_not_answer_holds_no_other_departments_connector,
                     *boost::unit_test::precondition(fixture::canMountDeadShares)) {
    fixture::DeadMount dead;
    BOOST_TEST_REQUIRE(dead.isMounted());
    Place place;
    place.settings.connectors.folders += ", health=" + dead.path();
    auto may = std::async(std::launch::async, [&] { return place.may(place.root / "open"); });
    const bool is_held = may.wait_for(std::chrono::seconds(20)) != std::future_status::ready;
    dead.release();
    BOOST_TEST(!is_held);
    BOOST_TEST(may.get());
}

BOOST_AUTO_TEST_CASE(a_look_at_a_share_that_does_not_answer_ends,
                     *boost::unit_test::precondition(fixture::canMountDeadShares)) {
    fixture::DeadMount dead;
    BOOST_TEST_REQUIRE(dead.isMounted());
    auto look =
        std::async(std::launch::async, [&] { return realPathWithin(std::chrono::milliseconds(50), dead.path()); });
    const bool is_held = look.wait_for(std::chrono::seconds(20)) != std::future_status::ready;
    dead.release();
    BOOST_TEST(!is_held);
    BOOST_TEST(!look.get().has_value());
    const Place place;
    fs::create_symlink(place.root / "open", place.root / "to");
    BOOST_TEST(realPathWithin(std::chrono::seconds(20), (place.root / "to").string())->path == place.root / "open");
}

BOOST_AUTO_TEST_CASE(open_the_named_folders_and_what_is_below_them) {
    const Place place;
    BOOST_TEST(place.may(place.root / "open"));
    BOOST_TEST(place.may(place.root / "open/"));
    BOOST_TEST(place.may(place.root / "open/deep"));
    BOOST_TEST(place.may(place.root / "open/not/there/yet"));
    BOOST_TEST(place.may(place.root / "missing/later"));
    for (const char* path : {"openly", "closed", "open/../closed", "open/link", "open/link/x", ".", "data",
                             "data/systems", "open/data", "open/data/keys"})
        BOOST_TEST(!place.may(place.root / path), path);
    BOOST_TEST(!place.may("open"));
    BOOST_TEST(!place.may(""));
    const auto hintFor = [](const Place& in, const fs::path& folder) {
        try {
            surroundingsOf(in.settings, "housing", {}, {}).allow_folder(folder.string());
        } catch (const ConnectorFault& fault) {
            return fault.parts().next_step;
        }
        return std::string("open");
    };
    BOOST_TEST(hintFor(place, place.root / "closed").find("DATA/caseway.properties") != std::string::npos);
    for (const char* path : {".", "data/systems"})
        BOOST_TEST(hintFor(place, place.root / path).starts_with("move one of the two"), path);
    Place wide;
    wide.settings.connectors.folders = "all=/";
    BOOST_TEST(!wide.may(wide.root / "data/keys"));
    BOOST_TEST(!wide.may("/"));
    BOOST_TEST(wide.may(wide.root / "closed"));
    wide.settings.connectors.folders = "";
    BOOST_TEST(!wide.may(wide.root / "open"));
    BOOST_CHECK_THROW(surroundingsOf(wide.settings, "housing", {}, {}).allow_folder("/tmp"), ConnectorFault);
    BOOST_CHECK_THROW(surroundingsOf(wide.settings, "housing", {}, {}).allow_destination("a.example", "10.0.0.1", 22),
                      ConnectorFault);
}

BOOST_AUTO_TEST_CASE(never_open_the_gateways_own_folders) {
    const auto keepsItsOwn = [](auto configure, const char* own) {
        Place place;
        fs::create_directories(place.root / "open/own/below");
        fs::create_directories(place.root / "open/beside");
        BOOST_TEST(place.may(place.root / "open/own"), own);
        configure(place.settings, place.root / "open/own");
        for (const char* path : {"open/own", "open/own/below", "open", "open/link/../open/own"})
            BOOST_TEST(!place.may(place.root / path), own << " " << path);
        BOOST_TEST(place.may(place.root / "open/beside"), own);
    };
    keepsItsOwn([](Settings& settings, const fs::path& own) { settings.connectors.secret_files = own; }, "secrets");
    keepsItsOwn([](Settings& settings, const fs::path& own) { settings.plugins.folders = "/x, " + own.string(); },
                "plug-ins");
    keepsItsOwn([](Settings& settings, const fs::path& own) { settings.tls_key = own / "server.key"; }, "TLS key");
    keepsItsOwn([](Settings& settings, const fs::path& own) { settings.log_key = own / "log.key"; }, "log key");
    keepsItsOwn([](Settings& settings, const fs::path& own) { settings.register_folder = own; }, "register");
    keepsItsOwn([](Settings& settings, const fs::path& own) { settings.mappings_folder = own; }, "mappings");
}

BOOST_AUTO_TEST_CASE(open_a_folder_to_its_department_alone) {
    Place place;
    BOOST_TEST(!place.may(place.root / "open", "health"));
    BOOST_TEST(!place.may(place.root / "open/deep", "health"));
    BOOST_TEST(place.may(place.root / "missing/later", "health"));
    // the nearest entry decides, and nothing holds another's
    place.settings.connectors.folders = place.opened("health", "open") + "," + place.opened("housing", "open/deep");
    BOOST_TEST(place.may(place.root / "open/deep"));
    BOOST_TEST(!place.may(place.root / "open/else"));
    BOOST_TEST(place.may(place.root / "open/else", "health"));
    for (const char* path : {"open/deep", "open/deep/er", "open"})
        BOOST_TEST(!place.may(place.root / path, "health"), path);
    place.settings.connectors.folders = place.opened("all", "open") + "," + place.opened("housing", "open/deep");
    BOOST_TEST(!place.may(place.root / "open/deep", "health"));
    BOOST_TEST(place.may(place.root / "open/else", "health"));
    BOOST_TEST(place.may(place.root / "open"));
    // two departments, one folder: what both were given
    place.settings.connectors.folders = place.opened("health", "open") + "," + place.opened("housing", "open");
    for (const char* department : {"health", "housing"}) BOOST_TEST(place.may(place.root / "open", department));
    BOOST_TEST(!place.may(place.root / "open", "water"));
    // a link in its place, by whoever may write beside it, opens nothing and leaves another's closed
    fs::create_directories(place.root / "shared/housing");
    place.settings.connectors.folders =
        place.opened("housing", "shared/housing") + "," + place.opened("health", "open");
    BOOST_TEST(place.may(place.root / "shared/housing"));
    fs::remove(place.root / "shared/housing");
    fs::create_directory_symlink(place.root / "open", place.root / "shared/housing");
    BOOST_TEST(!place.may(place.root / "open"));
    BOOST_TEST(!place.may(place.root / "shared/housing"));
    BOOST_TEST(!place.may(place.root / "open/deep"));
    BOOST_TEST(place.may(place.root / "open", "health"));  // whom the link was to lock out
    fs::remove(place.root / "shared/housing");
    fs::create_directory_symlink("housing", place.root / "shared/housing");  // one that leads nowhere
    BOOST_TEST(!place.may(place.root / "shared/housing"));
    BOOST_TEST(!place.may(place.root / "shared"));
    // whose it is, is never guessed
    place.settings.connectors.folders = (place.root / "open").string();
    BOOST_TEST(!place.may(place.root / "open"));
}

BOOST_AUTO_TEST_CASE(open_a_destination_to_its_department_alone) {
    Place place;
    place.settings.connectors.destinations = "housing=sftp.example:22, all=10.2.0.0/16";
    const auto may = [&](const char* department, const char* host, const char* address, std::uint16_t port) {
        try {
            surroundingsOf(place.settings, department, {}, {}).allow_destination(host, address, port);
            return true;
        } catch (const ConnectorFault& fault) {
            BOOST_TEST(fault.parts().code == "destination_not_allowed");
            BOOST_TEST(fault.parts().next_step.find(std::string(department) + "=") != std::string::npos,
                       fault.parts().next_step);
            return false;
        }
    };
    BOOST_TEST(may("housing", "sftp.example", "10.1.0.1", 22));
    BOOST_TEST(!may("health", "sftp.example", "10.1.0.1", 22));
    BOOST_TEST(may("health", "10.2.0.1", "10.2.0.1", 5432));
    // a name of one department's own zone does not lead to what another was given by its address
    place.settings.connectors.destinations =
        "housing=*.housing.example, health=10.3.0.4:22, water=10.3.0.4:22, water=*.water.example";
    BOOST_TEST(may("housing", "a.housing.example", "10.1.0.1", 22));
    BOOST_TEST(!may("housing", "a.housing.example", "10.3.0.4", 22));
    BOOST_TEST(may("housing", "a.housing.example", "10.3.0.4", 443));
    BOOST_TEST(may("water", "a.water.example", "10.3.0.4", 22));
    // nor does a wide range, whoever's it is: the narrowest entry decides, the one with the port before the other
    place.settings.connectors.destinations =
        "all=10.4.0.0/16, health=10.4.0.7:5432, water=10.4.1.0/24, housing=10.4.1.9, fire=10.4.0.0/16:22, "
        "all=10.5.0.1, "
        "water=10.5.0.0/24";
    BOOST_TEST(may("health", "10.4.0.7", "10.4.0.7", 5432));
    BOOST_TEST(!may("housing", "10.4.0.7", "10.4.0.7", 5432));
    BOOST_TEST(!may("housing", "db.example", "10.4.0.7", 5432));
    BOOST_TEST(may("housing", "10.4.0.7", "10.4.0.7", 443));
    BOOST_TEST(!may("health", "10.4.1.1", "10.4.1.1", 80));
    BOOST_TEST(may("water", "10.4.1.1", "10.4.1.1", 80));
    BOOST_TEST(may("housing", "10.4.1.9", "10.4.1.9", 80));
    BOOST_TEST(!may("water", "10.4.1.9", "10.4.1.9", 80));
    BOOST_TEST(may("fire", "10.4.9.9", "10.4.9.9", 22));
    BOOST_TEST(!may("health", "10.4.9.9", "10.4.9.9", 22));
    BOOST_TEST(may("health", "10.5.0.1", "10.5.0.1", 22));  // opened to all by the narrower entry
}

BOOST_AUTO_TEST_CASE(are_told_where_an_entry_does_not_say_whose_it_is) {
    for (const char* list : {"/srv/x", "=/srv/x", "Housing=/srv/x", "housing=", "all=/srv/x, /srv/y"}) {
        const OpenedEntries entries = openedEntries("connectors.folders", list);
        BOOST_TEST_REQUIRE(entries.unowned.size() == 1U, list);
        BOOST_TEST(entries.unowned.front().code == "opened_entry_bad");
        const bool tells_how = entries.unowned.front().hint.find("housing=") != std::string::npos;
        BOOST_TEST(tells_how, entries.unowned.front().hint);
    }
    BOOST_TEST(openedTo("health", "housing=a, /old, all=b , health = c") == "b, c");
}

BOOST_AUTO_TEST_CASE(take_what_an_editor_put_around_a_secret_off) {
    BOOST_TEST(secretAsMeant("pw") == "pw");
    BOOST_TEST(secretAsMeant("pw\n") == "pw");
    BOOST_TEST(secretAsMeant("pw\r\n") == "pw");
    BOOST_TEST(secretAsMeant("\xEF\xBB\xBFpw\r\n") == "pw");
    BOOST_TEST(secretAsMeant(" p\nw \n\n") == " p\nw \n");
    Place place;
    place.settings.connectors.secret_files = (place.root / "closed").string();
    fs::create_directories(place.root / "closed/housing");
    place.write("closed/housing/pw", "\xEF\xBB\xBFof file\r\n", 0600);
    BOOST_TEST(place.secretIs("file:pw") == "of file");
}

BOOST_AUTO_TEST_CASE(give_no_department_the_secret_of_another) {
    Place place;
    place.settings.connectors.secret_files = (place.root / "closed").string();
    place.settings.connectors.secret_variables = "housing=CASEWAY_SECRET_TEST";
    ::setenv("CASEWAY_SECRET_TEST", "of env", 1);
    fs::create_directories(place.root / "closed/housing");
    place.write("closed/housing/pw", "of file", 0600);
    SecretFolder secrets(place.settings.data);
    secrets.write(*secrets.planPut({"housing", "pw"}, "of store"));
    for (const char* reference : {"env:CASEWAY_SECRET_TEST", "file:pw", "store:pw"}) {
        BOOST_TEST(place.secretIs(reference).starts_with("of "), reference);
        const std::string anothers = place.secretIs(reference, "health");
        BOOST_TEST((anothers == "secret_unknown" || anothers == "secret_not_allowed"), reference << " " << anothers);
    }
    // nor by a file that was moved to it, nor by a link
    fs::create_directories(place.settings.data / "secrets/.of/health");
    fs::copy_file(place.settings.data / "secrets/.of/housing/pw", place.settings.data / "secrets/.of/health/pw");
    BOOST_TEST(place.secretIs("store:pw", "health") == "secret_not_readable");
    fs::create_directories(place.root / "closed/health");
    fs::create_symlink(place.root / "closed/housing/pw", place.root / "closed/health/pw");
    BOOST_TEST(place.secretIs("file:pw", "health") == "secret_not_readable");
}

BOOST_AUTO_TEST_CASE(give_to_all_what_is_kept_for_all_after_the_departments_own) {
    Place place;
    place.settings.connectors.secret_files = (place.root / "closed").string();
    fs::create_directories(place.root / "closed/all");
    place.write("closed/all/pw", "shared file", 0600);
    SecretFolder secrets(place.settings.data);
    secrets.write(*secrets.planPut({"all", "pw"}, "shared"));
    secrets.write(*secrets.planPut({"housing", "pw"}, "own"));
    BOOST_TEST(place.secretIs("store:pw") == "own");
    BOOST_TEST(place.secretIs("store:pw", "health") == "shared");
    BOOST_TEST(place.secretIs("file:pw", "health") == "shared file");
}

BOOST_AUTO_TEST_CASE(give_nobody_a_secret_without_a_department_until_it_is_bound) {
    Place place;
    SecretFolder secrets(place.settings.data);
    secrets.write(*secrets.planPut({"all", "x"}, "makes the key"));
    std::ifstream stream(place.settings.data / "keys/secrets.key", std::ios::binary);
    SealKey key{};
    stream.read(reinterpret_cast<char*>(key.data()), static_cast<std::streamsize>(key.size()));
    std::ofstream(place.settings.data / "secrets/pw", std::ios::binary) << sealText(key, "pw", "of old");
    ::chmod((place.settings.data / "secrets/pw").c_str(), 0600);
    const auto unbound = secretLookup(place.settings, "housing")(*SecretReference::parse("store:pw"));
    BOOST_TEST(unbound.error().code == "secret_unknown");
    BOOST_TEST(unbound.error().hint == "whose it is: caseway secret bind housing/pw");
    BOOST_TEST((secrets.ids().front() == SecretId{{}, "pw"}));
    const auto files = secrets.planBind({"housing", "pw"});
    BOOST_TEST_REQUIRE(files.ok());
    secrets.write(*files);
    secrets.write(*files);  // after a crash: again
    BOOST_TEST(place.secretIs("store:pw") == "of old");
    BOOST_TEST(place.secretIs("store:pw", "health") == "secret_unknown");
    BOOST_TEST(!secrets.has({{}, "pw"}));
    BOOST_TEST(secrets.planBind({"housing", "pw"}).error().code == "secret_unknown");
    // one that was set since is not replaced; one that is called like a department is in nobody's way
    std::ofstream(place.settings.data / "secrets/pw", std::ios::binary) << sealText(key, "pw", "of old");
    std::ofstream(place.settings.data / "secrets/housing", std::ios::binary) << sealText(key, "housing", "odd");
    for (const char* name : {"secrets/pw", "secrets/housing"}) ::chmod((place.settings.data / name).c_str(), 0600);
    BOOST_TEST(secrets.planBind({"housing", "pw"}).error().code == "secret_known");
    secrets.write(*secrets.planPut({"housing", "new"}, "n"));
    secrets.write(*secrets.planBind({"all", "housing"}));
    BOOST_TEST(place.secretIs("store:new") == "n");
    BOOST_TEST(place.secretIs("store:housing", "health") == "odd");
    BOOST_TEST(
        (secrets.ids() ==
         std::vector<SecretId>{{{}, "pw"}, {"all", "housing"}, {"all", "x"}, {"housing", "new"}, {"housing", "pw"}}));
}

BOOST_AUTO_TEST_CASE(find_secrets_in_their_three_places_alone) {
    Place place;
    ::setenv("CASEWAY_SECRET_TEST", "of env", 1);
    place.settings.connectors.secret_variables = "housing=CASEWAY_SECRET_TEST, all=CASEWAY_SECRET_OTHER";
    fs::create_directories(place.root / "closed/housing");
    BOOST_TEST(place.secretIs("env:CASEWAY_SECRET_TEST") == "of env");
    BOOST_TEST(place.secretIs("env:CASEWAY_SECRET_OTHER") == "secret_unknown");
    BOOST_TEST(place.secretIs("env:PATH") == "secret_not_allowed");
    BOOST_TEST(place.secretIs("file:pw") == "secret_not_allowed");
    place.settings.connectors.secret_files = (place.root / "closed").string();
    BOOST_TEST(place.secretIs("file:pw") == "secret_unknown");
    place.write("closed/housing/pw", "of file\n", 0600);
    BOOST_TEST(place.secretIs("file:pw") == "of file");
    place.write("closed/housing/shown", "x", 0644);
    BOOST_TEST(place.secretIs("file:shown") == "secret_not_readable");
    fs::create_symlink(place.root / "closed/housing/pw", place.root / "closed/housing/link");
    BOOST_TEST(place.secretIs("file:link") == "secret_not_readable");
    fs::create_directory(place.root / "closed/housing/dir");
    BOOST_TEST(place.secretIs("file:dir") == "secret_not_readable");
    BOOST_TEST(place.secretIs("store:pw") == "secret_unknown");
}

BOOST_AUTO_TEST_CASE(keep_secrets_sealed_under_a_key_of_their_own) {
    Place place;
    SecretFolder secrets(place.settings.data);
    secrets.write(*secrets.planPut({"housing", "pw"}, "hunter2hunter2"));
    secrets.write(*secrets.planPut({"housing", "other"}, "x"));
    BOOST_TEST(place.secretIs("store:pw") == "hunter2hunter2");
    BOOST_TEST((secrets.ids() == std::vector<SecretId>{{"housing", "other"}, {"housing", "pw"}}));
    struct stat facts {};
    BOOST_REQUIRE(::stat((place.settings.data / "keys/secrets.key").c_str(), &facts) == 0);
    BOOST_TEST((facts.st_mode & 0777) == 0600U);
    BOOST_REQUIRE(::stat((place.settings.data / "secrets/.of/housing/pw").c_str(), &facts) == 0);
    BOOST_TEST((facts.st_mode & 0777) == 0600U);
    std::ifstream stream(place.settings.data / "secrets/.of/housing/pw", std::ios::binary);
    const std::string sealed((std::istreambuf_iterator<char>(stream)), {});
    BOOST_TEST(sealed.find("hunter2") == std::string::npos);
    // under another name, with another byte, with another key: nothing
    fs::copy_file(place.settings.data / "secrets/.of/housing/pw", place.settings.data / "secrets/.of/housing/copy");
    BOOST_TEST(place.secretIs("store:copy") == "secret_not_readable");
    const SealKey key = newSealKey();
    const std::string mine = sealText(key, "n", "text");
    BOOST_TEST(*openSealedText(key, "n", mine) == "text");
    for (std::size_t i = 0; i < mine.size(); ++i) {
        std::string other = mine;
        other[i] = static_cast<char>(other[i] ^ 1);
        BOOST_TEST(!openSealedText(key, "n", other), i);
    }
    BOOST_TEST(!openSealedText(newSealKey(), "n", mine));
    BOOST_TEST(!openSealedText(key, "n", ""));
    BOOST_TEST(sealText(key, "n", "text") != mine);
    fs::remove(place.settings.data / "keys/secrets.key");
    BOOST_TEST(place.secretIs("store:pw") == "secret_not_readable");
    const auto mistakeOf = [&](const SecretId& id, const std::string& secret) {
        return secrets.planPut(id, secret).error().code;
    };
    BOOST_TEST(mistakeOf({"housing", "new"}, "x") == "secret_not_readable");  // no second key beside sealed secrets
    BOOST_TEST(mistakeOf({"housing", "../x"}, "x") == "secret_name_bad");
    BOOST_TEST(mistakeOf({{}, "x"}, "x") == "secret_name_bad");
    BOOST_TEST(mistakeOf({"housing", "x"}, "") == "secret_empty");
    BOOST_TEST(mistakeOf({"housing", "x"}, "\xff") == "secret_not_text");
    secrets.write(*secrets.planRemove({"housing", "pw"}));
    BOOST_TEST(secrets.planRemove({"housing", "pw"}).error().code == "secret_unknown");
}

BOOST_AUTO_TEST_CASE(run_a_few_tests_at_once_and_end_them) {
    TrialRoom room;
    std::promise<void> go;
    const std::shared_future<void> gone = go.get_future().share();
    for (std::size_t i = 0; i < kTrialsMax; ++i) BOOST_TEST(room.start([gone] { gone.wait(); }));
    BOOST_TEST(!room.start([] {}));
    BOOST_TEST(!room.stopping());
    go.set_value();
    room.stop();
    BOOST_TEST(room.stopping());
    BOOST_TEST(!room.start([] {}));
}

BOOST_AUTO_TEST_SUITE_END()
