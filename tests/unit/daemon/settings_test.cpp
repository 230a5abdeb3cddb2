// tests/unit/daemon/settings_test.cpp - the documented sample is the tested one; mistakes in a configuration name
// themselves.
#include "gateway/daemon/settings.hpp"

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
    const std::pair<const char*, const char*> cases[] = {{"listen.prot = 1\n", "unknown key 'listen.prot'"},
                                                         {"listen.port = 70000\n", "from 0 to 65535"},
                                                         {"listen.port = -1\n", "listen.port"},
                                                         {"gateway.id = Center\n", "department/system"},
                                                         {"limits.depth = many\n", "limits.depth = 'many'"}};
    for (const auto& [text, expected] : cases) {
        const ConfigurationFile file(text);
        BOOST_CHECK_EXCEPTION(readSettings(file.path, {}), Fault, [part = expected](const Fault& fault) {
            return std::string(fault.what()).find(part) != std::string::npos;
        });
    }
    BOOST_CHECK_THROW(readSettings("/nonexistent/caseway.properties", {}), Fault);
}

BOOST_AUTO_TEST_CASE(paths_are_below_the_data_folder_unless_absolute) {
    Settings settings = readSettings({}, "/srv/caseway");
    BOOST_TEST(settings.path("tls/server.pem") == "/srv/caseway/tls/server.pem");
    BOOST_TEST(settings.path("/etc/caseway/server.pem") == "/etc/caseway/server.pem");
}

BOOST_AUTO_TEST_SUITE_END()
