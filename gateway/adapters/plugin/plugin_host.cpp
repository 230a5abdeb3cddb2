// gateway/adapters/plugin/plugin_host.cpp - from folders to types.
#include "gateway/adapters/plugin/plugin_host.hpp"

#include <unistd.h>

#include <algorithm>

#include "gateway/adapters/plugin/folder_check.hpp"
#include "gateway/adapters/plugin/folder_digest.hpp"
#include "gateway/adapters/plugin/host_state.hpp"
#include "gateway/adapters/plugin/plugin_connector.hpp"
#include "gateway/adapters/plugin/setting_shape.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

class PluginType final : public ConnectorType {
public:
    PluginType(std::shared_ptr<PluginHost::State> host, PluginManifest manifest)
        : host_(std::move(host)), manifest_(std::move(manifest)) {}
    const ConnectorSpec& spec() const override { return manifest_.spec; }
    std::unique_ptr<Connector> open(const std::string& settings,
                                    const ConnectorSurroundings& surroundings) const override {
        requireSettingShape(manifest_.spec, settings);
        return std::make_unique<PluginConnector>(host_, manifest_, files_, settings, surroundings);
    }
    std::string contentDigest() const override { return files_.of(manifest_); }

private:
    std::shared_ptr<PluginHost::State> host_;
    PluginManifest manifest_;
    mutable FolderDigest files_;
};

std::vector<fs::path> pluginFolders(const std::vector<fs::path>& folders) {
    std::vector<fs::path> found;
    for (const fs::path& folder : folders) {
        std::error_code error;
        for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
            if (fs::exists(at->path() / kManifestFile, error)) found.push_back(at->path());
    }
    std::sort(found.begin(), found.end(),
              [](const fs::path& a, const fs::path& b) { return a.filename() < b.filename(); });
    return found;
}

std::unique_ptr<ConnectorType> typeOf(const std::shared_ptr<PluginHost::State>& state, const fs::path& folder) {
    requireOwnedFolder(folder, ::geteuid());
    return std::make_unique<PluginType>(state, readPluginManifest(folder));
}

}  // namespace

PluginHost::PluginHost(PluginSettings settings) : state_(std::make_shared<State>(std::move(settings))) {
    for (const fs::path& folder : pluginFolders(state_->settings.folders)) {
        const std::string name = folder.filename().string();
        try {
            if (!types_.empty() && types_.back()->spec().type == name)
                throw ConnectorFault(ConnectorFaultKind::Config,
                                     {"connector_manifest_bad", folder.string(),
                                      "there is another plug-in of this name", "remove one of the two"});
            types_.push_back(typeOf(state_, folder));
        } catch (const ConnectorFault& fault) {
            state_->settings.event({fault.parts().code, name, fault.parts().where + ": " + fault.parts().message,
                                    fault.parts().next_step});
        }
    }
}

PluginHost::~PluginHost() = default;

const std::vector<std::unique_ptr<ConnectorType>>& PluginHost::types() const {
    return types_;
}

std::size_t PluginHost::running() const {
    return state_->running();
}

std::unique_ptr<ConnectorType> PluginHost::openFolder(const fs::path& folder) const {
    return typeOf(state_, folder);
}

}  // namespace caseway
