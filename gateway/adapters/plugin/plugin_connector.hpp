// gateway/adapters/plugin/plugin_connector.hpp - the stand-in for a connector that runs in a process of its own. For
// this folder only.
#pragma once

#include "gateway/adapters/plugin/folder_digest.hpp"
#include "gateway/adapters/plugin/host_state.hpp"
#include "gateway/adapters/plugin/session.hpp"
#include "gateway/formats/settings/secret_mask.hpp"

namespace caseway {

class PluginConnector final : public Connector {
public:
    /// `manifest` and `files` must outlive it. Throws ConnectorFault{Config, connector_folder_unsafe}.
    PluginConnector(std::shared_ptr<PluginHost::State> host, const PluginManifest& manifest, FolderDigest& files,
                    std::string settings, ConnectorSurroundings surroundings);
    ~PluginConnector() override;

    std::vector<CheckStep> check() override;
    std::vector<SourceObject> discover() override;
    PageEnd read(const Cursor& from, const PageLimits& limits, PageSink& sink) override;
    void acknowledge(const Cursor& durable) override;
    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>& items) override;

private:
    /// Runs `work(session)` on a process that runs; afterwards it is idle, or gone and remembered.
    template <class Work>
    auto inSession(Work work);
    void startSession();
    /// Forgets a process that ended since the last call.
    void dropEnded();
    /// After a call that threw: a process that failed, or did not get as far as its settings, is gone.
    void noteFault(const ConnectorFault& fault);
    std::vector<std::filesystem::path> openFolders() const;
    void requireSameFiles() const;

    std::shared_ptr<PluginHost::State> host_;
    const PluginManifest& manifest_;
    FolderDigest& files_;
    std::string made_of_;  ///< as it was opened: each process that it starts is of the same files
    std::string settings_;
    SecretMask mask_;  ///< over all that it says
    ConnectorSurroundings surroundings_;
    std::string key_;
    std::unique_ptr<PluginSession> session_;
    bool opened_ = false;  ///< the session's process took its settings
};

}  // namespace caseway
