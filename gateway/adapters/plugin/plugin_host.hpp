// gateway/adapters/plugin/plugin_host.hpp - the plug-ins of this installation as types of connectors: nobody sees that
// they run in processes of their own. Nothing is started before a connector's first call.
#pragma once

#include <memory>
#include <vector>

#include "gateway/adapters/plugin/plugin_settings.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

class PluginHost {
public:
    /// Reads the manifests below `settings.folders`, in the order of their names. One that is unsafe or broken is left
    /// out and told as an event; a folder that is not there holds none.
    explicit PluginHost(PluginSettings settings);
    ~PluginHost();
    PluginHost(const PluginHost&) = delete;
    PluginHost& operator=(const PluginHost&) = delete;

    /// open() may be called concurrently. Its connector starts a process with its first call and again, with back-off,
    /// after one ended. Faults of its own: connector_* in docs/errors.md.
    const std::vector<std::unique_ptr<ConnectorType>>& types() const;
    /// Likewise, to keep: types and their connectors may outlive the host; processes end with the last of them.
    std::vector<std::unique_ptr<ConnectorType>> takeTypes() { return std::move(types_); }
    /// One folder, wherever it stands, as a type: for its author. Throws ConnectorFault.
    std::unique_ptr<ConnectorType> openFolder(const std::filesystem::path& folder) const;
    /// Processes that run now.
    std::size_t running() const;

    struct State;

private:
    std::shared_ptr<State> state_;
    std::vector<std::unique_ptr<ConnectorType>> types_;
};

}  // namespace caseway
