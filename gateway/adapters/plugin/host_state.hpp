// gateway/adapters/plugin/host_state.hpp - what the connectors of one host share: settings, watcher, and what is
// remembered of those that failed. For this folder only.
#pragma once

#include <map>
#include <mutex>
#include <random>

#include "gateway/adapters/plugin/manifest.hpp"
#include "gateway/adapters/plugin/plugin_host.hpp"

namespace caseway {

struct PluginHost::State {
    explicit State(PluginSettings given);

    /// Throws ConnectorFault{Transient, connector_resting} where `key` failed a short while ago; else notes a start.
    void requireRested(const std::string& key, const std::string& type);
    /// Tells the log, and leaves `key` alone for a while.
    void failed(const std::string& key, const std::string& type, const ConnectorFault& fault,
                const std::string& printed);
    /// Throws ConnectorFault{Config, connector_unprotected} where this installation may not start plug-ins.
    void requireProtected() const;
    /// Processes that run now.
    std::size_t running() const;
    /// Checks folder, data and user, and starts the process. Throws ConnectorFault.
    std::shared_ptr<PluginProcess> start(const PluginManifest& manifest,
                                         const std::vector<std::filesystem::path>& open_folders);

    PluginSettings settings;
    ProtectionReport protections;

private:
    PluginWatcher& watcher();

    mutable std::mutex mutex_;
    std::unique_ptr<PluginWatcher> watcher_;         ///< from the first start on
    std::map<std::string, BackOff> back_offs_;       ///< by type and settings
    std::map<std::string, std::string> last_codes_;  ///< what they failed with
    std::minstd_rand random_;
};

}  // namespace caseway
