// connectors/sftp/sftp.hpp - the type `sftp`: an exchange folder on another machine, over SSH.
#pragma once

#include "connectors/sdk/exchange_folder/exchange_folder.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

class SftpType final : public ConnectorType {
public:
    /// `now`: against which the age of files is measured.
    explicit SftpType(WallClock now = [] { return std::chrono::system_clock::now(); });
    const ConnectorSpec& spec() const override { return spec_; }
    std::unique_ptr<Connector> open(const std::string& settings,
                                    const ConnectorSurroundings& surroundings) const override;

private:
    WallClock now_;
    std::shared_ptr<BrokenReads> broken_ = std::make_shared<BrokenReads>();
    ConnectorSpec spec_;
};

}  // namespace caseway
