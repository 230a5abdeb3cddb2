// tests/unit/plugin/folder_test.cpp - only what the installation's owner put there is run; a manifest's mistakes are
// told with file and line.
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/unit/plugin/faulty_fixture.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

struct FolderFixture : FaultyFixture {
    fs::path plugin = installation.plugins() / "faulty";
    /// What a new host says of the plug-in; empty: it took it.
    std::string told() {
        installation.events.clear();
        start();
        return installation.events.empty() ? std::string()
                                           : installation.events[0].event + " " + installation.events[0].detail;
    }
    void manifest(const std::string& from, const std::string& to) {
        std::ifstream in(plugin / "manifest.yaml");
        std::string text((std::istreambuf_iterator<char>(in)), {});
        text.replace(text.find(from), from.size(), to);
        PluginInstallation::write(plugin / "manifest.yaml", text);
    }
};

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(PluginFolder, FolderFixture)

BOOST_AUTO_TEST_CASE(what_others_can_write_is_not_run) {
    for (const fs::path& path : {plugin, plugin / "main.py", plugin / "caseway_protocol", installation.plugins()}) {
        struct stat before {};
        ::stat(path.c_str(), &before);
        ::chmod(path.c_str(), before.st_mode | S_IWOTH);
        BOOST_TEST(holds(told(), "connector_folder_unsafe " + path.string()), path);
        BOOST_TEST(host->types().empty());
        ::chmod(path.c_str(), before.st_mode);
    }
    BOOST_TEST(told() == "");
}

BOOST_AUTO_TEST_CASE(a_link_that_leads_out_is_not_followed) {
    fs::create_symlink("main.py", plugin / "inside.py");
    BOOST_TEST(told() == "");
    fs::create_symlink("/etc/hostname", plugin / "outside");
    BOOST_TEST(holds(told(), "leads out"));
}

BOOST_AUTO_TEST_CASE(a_file_of_another_user_is_not_run) {
    if (::geteuid() != 0) return;
    BOOST_REQUIRE(::chown((plugin / "main.py").c_str(), 65534, 65534) == 0);
    BOOST_TEST(holds(told(), "belongs to user 65534"));
}

BOOST_AUTO_TEST_CASE(what_was_safe_is_looked_at_again_before_each_start) {
    ::chmod((plugin / "main.py").c_str(), 0666);
    BOOST_TEST(faultOf([&] { open("")->check(); }).parts().code == "connector_folder_unsafe");
}

BOOST_AUTO_TEST_CASE(each_file_is_part_of_what_the_plugin_is_made_of) {
    const std::string first = type().contentDigest();
    BOOST_TEST(first.size() == 64U);
    fs::last_write_time(plugin / "main.py", fs::last_write_time(plugin / "main.py") + std::chrono::hours(1));
    BOOST_TEST(type().contentDigest() == first);  // touched, and the same
    fs::create_directory(plugin / "__pycache__");
    PluginInstallation::write(plugin / "__pycache__/main.pyc", "compiled");
    BOOST_TEST(type().contentDigest() == first);
    fs::create_directories(plugin / "test");  // what people and `connector verify` read is not run
    for (const char* name : {"README.md", "README.zh-CN.md", "sample.yaml", "test/settings.json",
                             "test/bad-settings.json", "test/items.json"}) {
        PluginInstallation::write(plugin / name, "for readers");
        BOOST_TEST(type().contentDigest() == first, name);
    }
    fs::create_directory(plugin / "more");
    std::set<std::string> seen{first};
    const auto isOther = [&] { return seen.insert(type().contentDigest()).second; };
    PluginInstallation::write(plugin / "more/a.py", "a");
    BOOST_TEST(isOther());
    for (const char* name : {"test/run.py", "more/README.md", "more/sample.yaml", "test.json"}) {
        PluginInstallation::write(plugin / name, "x");
        BOOST_TEST(isOther(), name);
        fs::remove(plugin / name);
    }
    fs::permissions(plugin / "README.md", fs::perms::owner_exec, fs::perm_options::add);  // it may be run
    BOOST_TEST(isOther());
    fs::permissions(plugin / "README.md", fs::perms::owner_exec, fs::perm_options::remove);
    PluginInstallation::write(plugin / "more/a.py", "bb");
    BOOST_TEST(isOther());
    fs::rename(plugin / "more/a.py", plugin / "more/b.py");
    BOOST_TEST(isOther());
    fs::create_symlink("b.py", plugin / "more/link.py");
    BOOST_TEST(isOther());
    fs::permissions(plugin / "more/b.py", fs::perms::owner_exec, fs::perm_options::add);
    BOOST_TEST(isOther());
    fs::remove_all(plugin / "more");
    BOOST_TEST(type().contentDigest() == first);
    manifest("memory_mib", "cpu_seconds: 30\nmemory_mib");  // what was read at the start is in force until the next
    BOOST_TEST(type().contentDigest() == first);
    start();
    BOOST_TEST(isOther());
}

BOOST_AUTO_TEST_CASE(a_plugin_that_changes_behind_its_connector_is_not_started) {
    const auto connector = open("");
    PluginInstallation::write(plugin / "more.py", "x");
    const ConnectorFault fault = faultOf([&] { connector->check(); });
    BOOST_TEST(fault.parts().code == "connector_type_changed");
    BOOST_TEST((fault.kind() == ConnectorFaultKind::Config));
    fs::remove(plugin / "more.py");
    connector->check();
}

BOOST_AUTO_TEST_CASE(one_bad_plugin_leaves_the_others) {
    fs::copy(plugin, installation.plugins() / "broken", fs::copy_options::recursive);
    BOOST_TEST(holds(told(), "connector_manifest_bad"));
    BOOST_TEST(host->types().size() == 1U);
}

BOOST_AUTO_TEST_CASE(mistakes_of_a_manifest_are_told_with_their_line) {
    manifest("version: 1.0.0", "vesrion: 1.0.0");
    BOOST_TEST(holds(told(), "line 2: unknown key 'vesrion'"));
    BOOST_TEST(installation.events[0].next_step == "did you mean 'version'?");
    manifest("vesrion: 1.0.0", "version: 1.0.0\nmemory_mib: 9999999");
    BOOST_TEST(holds(told(), "line 3: memory_mib: expected a whole number from 32 to 4096"));
    manifest("version: 1.0.0", "vesrion: 1.0.0");
    const std::string all = told();  // none hides another
    for (const char* const part : {"line 2: unknown key 'vesrion'", "line 3: memory_mib: expected", "no key 'version'"})
        BOOST_TEST(holds(all, part), all);
    manifest("vesrion: 1.0.0", "version: 1.0.0");
    manifest("memory_mib: 9999999", "");
    manifest("main: main.py", "main: ../other/main.py");
    BOOST_TEST(holds(told(), "main: expected a file in the folder itself"));
    manifest("main: ../other/main.py", "main: [");
    BOOST_TEST(holds(told(), "connector_manifest_bad"));
}

BOOST_AUTO_TEST_CASE(a_manifest_of_another_protocol_is_refused) {
    manifest("protocol: 1", "protocol: 2");
    BOOST_TEST(holds(told(), "it is written for protocol 2, the gateway speaks 1"));
    BOOST_TEST(holds(installation.events[0].next_step, "a newer gateway"));
    BOOST_TEST(host->types().empty());
    manifest("protocol: 2", "protocol: 1");
    BOOST_TEST(told() == "");
}

BOOST_AUTO_TEST_CASE(the_schema_is_json) {
    PluginInstallation::write(plugin / "settings.schema.json", "{\"type\": object}");
    BOOST_TEST(holds(told(), "settings.schema.json"));
}

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_is_told) {
    manifest("main: main.py", "main: mian.py");
    BOOST_TEST(holds(told(), "its main is not there: mian.py"));
    BOOST_TEST(host->types().empty());
    manifest("main: mian.py", "main: main.py");
    BOOST_TEST(told() == "");
    fs::remove(plugin / "main.py");  // behind our back
    BOOST_TEST(faultOf([&] { open("")->check(); }).parts().code == "connector_crashed");
}

BOOST_AUTO_TEST_CASE(modules_that_are_not_installed_are_told) {
    manifest("language: python", "language: node");
    BOOST_TEST(told() == "");
    for (const char* const needs_none :
         {"{}", R"({"name":"a","dependencies":{}})", R"({"devDependencies":{"x":"1"}})"}) {
        PluginInstallation::write(plugin / "package.json", needs_none);
        BOOST_TEST(told() == "", needs_none);
    }
    PluginInstallation::write(plugin / "package.json", R"({"dependencies":{"thrift":"0.17.0","@a/b":"1"}})");
    BOOST_TEST(holds(told(), "modules that it needs are not there: thrift, @a/b"));
    BOOST_TEST(installation.events[0].next_step.starts_with("npm ci in " + plugin.string()));
    fs::create_directories(plugin / "node_modules/thrift");
    BOOST_TEST(holds(told(), "are not there: @a/b"));
    fs::create_directories(plugin / "node_modules/@a/b");
    BOOST_TEST(told() == "");
    fs::remove_all(plugin / "node_modules");
    fs::remove(plugin / "package.json");  // what our own part needs is known without it
    PluginInstallation::write(plugin / "caseway_connector.js", "require('thrift')");
    if (!fs::exists("/usr/share/nodejs/thrift")) BOOST_TEST(holds(told(), "are not there: thrift"));
    fs::create_directories(plugin / "node_modules/thrift");
    BOOST_TEST(told() == "");
    PluginInstallation::write(plugin / "package.json", "{");
    BOOST_TEST(holds(told(), "package.json"));
}

BOOST_AUTO_TEST_SUITE_END()
