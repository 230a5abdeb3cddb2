// tests/unit/daemon/settings_test.cpp - the documented sample is the tested one; mistakes in a configuration name
// themselves.
#include "gateway/daemon/settings.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "gateway/base/fault.hpp"

using namespace caseway;

namespace {

struct ConfigurationFile {
    explicit ConfigurationFile(const std::string& text)
        : path(std::filesystem::temp_directory_path() /
               ("caseway-settings-" + std::to_string(::getpid()) + ".properties")) {
        std::ofstream(path) << text;
    }
    ~ConfigurationFile() { std::filesystem::remove(path); }
    std::filesystem::path path;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(SettingsFile)

BOOST_AUTO_TEST_CASE(sample_shows_every_key_with_its_default) {
    const std::filesystem::path sample = std::filesystem::path(CASEWAY_SOURCE_DIR) / "config/caseway.properties";
    const Settings settings = readSettings(sample, {});
    BOOST_TEST((settingsAsText(settings) == settingsAsText(Settings{})));
    std::ifstream file(sample);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    for (const auto& [name, value] : settingsAsText(Settings{}))
        BOOST_TEST(text.find("\n" + name + " =" + (value.empty() ? "" : " " + value) + "\n") != std::string::npos,
                   name);
}

BOOST_AUTO_TEST_CASE(refuses_unknown_keys_and_bad_values_by_name) {
    const std::pair<const char*, const char*> cases[] = {
        {"# listen.prot\n\nlisten.prot = 1\n", ".properties:3: unknown key 'listen.prot'"},
        {"listen.port = 1\nlog.level = error\nlisten.port = 2\n", "'listen.port' stands twice"},
        {"listen.port = 70000\n", "from 0 to 65535"},
        {"listen.port = -1\n", "listen.port"},
        {"gateway.id = Center\n", "department/system"},
        {"sync.longest_run_hours = 0\n", "from 1 to 720"},
        {"log.level = loud\n", "none, fatal"},
        {"limits.depth = many\n", "limits.depth = 'many'"},
        {"limits.depth = 6,0\n", "limits.depth = '6,0': expected a whole number"},
        {"limits.depth = 60,\n", "limits.depth = '60,': expected a whole number"},
        {"limits.depth = 60 # levels\n", "expected a whole number"},
        {"limits.depth_of_all = 1\n limits.depth = many\n", ".properties:2: limits.depth = 'many'"},
        {"log.level = error\n limits.depth : many\n", ".properties:2: limits.depth = 'many'"},

        {"connectors.folders = housing=srv\n", "whole paths"},

        {"connectors.destinations = all=a.example:0\n", "each perhaps"},

        {"connectors.secret_prefix = A_\n", "unknown key"},
        {"report.zone = Mars/Base\n", "a zone of the IANA database"},
        {"report.zone =\n", "a zone of the IANA database"},
        {"report.language = fr\n", "zh or en"},
        {"report.send_at = 7:30\n", "HH:MM"},
        {"report.send_at = 24:00\n", "HH:MM"},
        {"report.mail_server = mail.example\n", "smtps://"},
        {"report.mail_server = smtp-plain://mail.example\n", "smtps://"},
        {"report.mail_from = Duty <a@b.example>\n", "an address such as"},
        {"report.mail_to = a@b.example;c@d.example\n", "an address such as"},
        {"report.mail_password = hunter2\n", "the name of a secret"},
        {"report.webhook = http://hook.example/\n", "https://"},
        {"report.webhook = https://a:b@hook.example/\n", "https://"}};
    for (const auto& [text, expected] : cases) {
        const ConfigurationFile file(text);
        BOOST_CHECK_EXCEPTION(readSettings(file.path, {}), Fault, [part = expected](const Fault& fault) {
            return std::string(fault.what()).find(part) != std::string::npos;
        });
    }
    BOOST_CHECK_THROW(readSettings("/nonexistent/caseway.properties", {}), Fault);
    for (const auto& [text, expected] : std::vector<std::pair<std::string, std::string>>{
             {"listen.adress = 127.0.0.1\n", "'listen.address'"},
             {"listen.address ＝ 127.0.0.1\n", "a full-width ＝"},
             {"listen.address：127.0.0.1\n", "a full-width ："}}) {
        const ConfigurationFile mistyped(text);
        BOOST_CHECK_EXCEPTION(readSettings(mistyped.path, {}), Fault, [part = expected](const Fault& fault) {
            return fault.hint().find(part) != std::string::npos;
        });
    }
}

BOOST_AUTO_TEST_CASE(takes_what_an_editor_of_windows_writes) {
    for (const char* text :
         {"\xEF\xBB\xBF# 设置\r\nlisten.port = 1\r\n", "\xEF\xBB\xBFlisten.port = 1", "listen.port=1"})
        BOOST_TEST(readSettings(ConfigurationFile(text).path, {}).listen.port == 1, text);
    for (const char* text : {"", "#", "\xEF\xBB\xBF"})
        BOOST_TEST((settingsAsText(readSettings(ConfigurationFile(text).path, {})) == settingsAsText(Settings{})),
                   text);
}

BOOST_AUTO_TEST_CASE(tells_what_a_former_version_understood_and_starts) {
    const ConfigurationFile file(
        "connectors.destinations = sftp.example:22\nconnectors.folders = /srv/a, housing=/srv/b\n"
        "connectors.secret_env_prefix = CASEWAY_SECRET_\n");
    const Settings settings = readSettings(file.path, {});
    std::vector<std::string> told;
    for (const Refusal& notice : settings.notices) {
        BOOST_TEST_REQUIRE(notice.where.starts_with(file.path.string()), notice.where);
        told.push_back(notice.code + notice.where.substr(file.path.string().size()) + " " + notice.value);
        BOOST_TEST(!notice.hint.empty());
    }
    std::sort(told.begin(), told.end());
    BOOST_TEST(told == (std::vector<std::string>{"opened_entry_bad:1 connectors.destinations sftp.example:22",
                                                 "opened_entry_bad:2 connectors.folders /srv/a",
                                                 "setting_former:3 connectors.secret_env_prefix "}),
               boost::test_tools::per_element());
    BOOST_TEST(settings.connectors.folders == "/srv/a, housing=/srv/b");
}

BOOST_AUTO_TEST_CASE(opens_to_departments_what_it_names) {
    const ConfigurationFile file(
        "connectors.folders = housing=/srv/a, all=/srv/b\nconnectors.destinations = housing=a.example:22, "
        "all=10.0.0.0/8:443\nconnectors.secret_variables = all=CASEWAY_X\n");
    const Settings settings = readSettings(file.path, {});
    BOOST_TEST(settings.connectors.folders == "housing=/srv/a, all=/srv/b");
    BOOST_TEST(settings.connectors.destinations == "housing=a.example:22, all=10.0.0.0/8:443");
}

BOOST_AUTO_TEST_CASE(paths_are_below_the_data_folder_unless_absolute) {
    Settings settings = readSettings({}, "/srv/caseway");
    BOOST_TEST(settings.path("tls/server.pem") == "/srv/caseway/tls/server.pem");
    BOOST_TEST(settings.path("/etc/caseway/server.pem") == "/etc/caseway/server.pem");
}

BOOST_AUTO_TEST_SUITE_END()
