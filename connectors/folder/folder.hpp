// connectors/folder/folder.hpp - the type `folder`: an exchange folder on this machine or on a mounted file system.
#pragma once

#include "connectors/sdk/bounded_connector.hpp"
#include "connectors/sdk/exchange_folder/exchange_folder.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

class FolderType final : public ConnectorType {
public:
    /// `now`: against which the age of files is measured.
    explicit FolderType(WallClock now = [] { return std::chrono::system_clock::now(); });
    const ConnectorSpec& spec() const override { return spec_; }
    std::unique_ptr<Connector> open(const std::string& settings,
                                    const ConnectorSurroundings& surroundings) const override;

private:
    WallClock now_;
    std::shared_ptr<HangingCalls> hanging_ = std::make_shared<HangingCalls>();
    std::shared_ptr<BrokenReads> broken_ = std::make_shared<BrokenReads>();
    ConnectorSpec spec_;
};

}  // namespace caseway
