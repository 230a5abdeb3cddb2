// gateway/adapters/plugin/plugin_settings.hpp - how this installation runs plug-ins. Told to people in
// docs/operating/plugins.md.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/adapters/plugin/back_off.hpp"
#include "gateway/adapters/plugin/watcher.hpp"

namespace caseway {

/// For the operating log.
struct PluginEvent {
    std::string event;   ///< a code of docs/errors.md
    std::string plugin;  ///< its type, or its folder where that is not known
    std::string detail{};
    std::string next_step{};
    std::string printed{};  ///< the last it printed; masked
};

struct PluginSettings {
    std::vector<std::filesystem::path> folders;  ///< a plug-in is a folder in one of these
    std::string run_as;                          ///< a user; empty: the gateway's own
    bool same_user_allowed = false;              ///< may they run as the gateway's own user, held by Landlock alone
    std::filesystem::path data;                  ///< what no plug-in may see
    std::chrono::milliseconds start_deadline{10'000};
    std::chrono::milliseconds stop_grace{2'000};
    BackOffSettings back_off;
    WatcherSettings watcher;
    std::function<void(const PluginEvent&)> event = [](const PluginEvent&) {};
    std::function<SteadyTime()> now = [] { return std::chrono::steady_clock::now(); };  ///< of the back-off
};

/// What keeps plug-ins of this installation from the rest of the machine, each in words, and what is missing.
struct ProtectionReport {
    bool may_run = false;  ///< false: no plug-in is started
    std::vector<std::string> in_force;
    std::vector<std::string> missing;  ///< each with what to do
};
/// `gateway`: the process that would start them, whose rights count; 0: this one; nothing: none runs, and what it may
/// is not known.
ProtectionReport protectionsOf(const PluginSettings& settings, const KernelProtections& kernel = kernelProtections(),
                               std::optional<pid_t> gateway = 0);

}  // namespace caseway
