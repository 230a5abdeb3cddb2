// tests/support/plugin_fixture.hpp - a plug-in's folder as an installation has it, and a host for it: under a user of
// its own where the tests run as root, else under Landlock alone.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "gateway/adapters/plugin/plugin_host.hpp"
#include "tests/support/temporary_folder.hpp"

namespace caseway::fixture {

namespace fs = std::filesystem;

class PluginInstallation {
public:
    PluginInstallation() {
        ::chmod(folder_.path().c_str(), 0755);  // another user runs what lies in it
        fs::create_directories(plugins());
        fs::create_directories(data() / "keys");
        ::chmod(data().c_str(), 0700);
        settings.folders = {plugins()};
        settings.data = data();
        settings.run_as = ::geteuid() == 0 ? "nobody" : "";
        settings.same_user_allowed = true;
        settings.event = [this](const PluginEvent& event) { events.push_back(event); };
    }
    fs::path root() const { return folder_.path(); }
    fs::path plugins() const { return root() / "plugins"; }
    fs::path data() const { return root() / "data"; }

    /// A copy of a plug-in that the build put together, or of a folder of the sources.
    fs::path install(const fs::path& from) {
        const fs::path to = plugins() / from.filename();
        fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
        for (fs::recursive_directory_iterator at(to), end; at != end; ++at)
            if (!at->is_symlink()) mendMode(*at);
        ::chmod(to.c_str(), 0755);
        return to;
    }
    static fs::path built(const std::string& name) { return fs::path(CASEWAY_BINARY_DIR) / "plugins" / name; }
    /// A folder in which the plug-ins' user may write.
    fs::path exchangeFolder() {
        const fs::path made = root() / "exchange";
        fs::create_directories(made);
        ::chmod(made.c_str(), 0777);
        return made;
    }
    static void write(const fs::path& file, const std::string& bytes) {
        std::ofstream(file, std::ios::binary) << bytes;
        ::chmod(file.c_str(), 0644);
    }

    PluginSettings settings;
    std::vector<PluginEvent> events;

private:
    static void mendMode(const fs::directory_entry& entry) {
        const bool runs =
            entry.is_directory() || (entry.status().permissions() & fs::perms::owner_exec) != fs::perms::none;
        ::chmod(entry.path().c_str(), runs ? 0755 : 0644);
    }
    TemporaryFolder folder_;
};

/// Keeps what a page gave.
class KeptPage final : public PageSink {
public:
    void payload(const PayloadHead& head) override { payloads.emplace_back(head, std::string()); }
    void bytes(std::string_view piece) override { payloads.back().second.append(piece); }
    std::vector<std::pair<PayloadHead, std::string>> payloads;
};

}  // namespace caseway::fixture
