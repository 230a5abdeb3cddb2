// connectors/folder/folder.cpp - settings to an exchange folder over local files.
#include "connectors/folder/folder.hpp"

#include "connectors/folder/local_files.hpp"

namespace caseway {

FolderType::FolderType(WallClock now)
    : now_(std::move(now)),
      spec_(exchangeSpec("folder", "Exchange folder (前置机) on this machine or on a mounted file system")) {}

std::unique_ptr<Connector> FolderType::open(const std::string& settings,
                                            const ConnectorSurroundings& surroundings) const {
    FlatSettings given(settings);
    ExchangeSettings exchange = readExchangeSettings(given);
    given.noMore();
    if (surroundings.allow_folder)
        for (const std::string& folder : {exchange.folder, exchange.archive, exchange.error, exchange.out})
            if (!folder.empty()) surroundings.allow_folder(folder);
    auto files = std::make_unique<LocalFiles>(
        LocalFiles::Paths{exchange.folder, exchange.archive, exchange.error, exchange.out});
    return std::make_unique<ExchangeFolder>(std::move(exchange), surroundings, std::move(files), now_, broken_);
}

}  // namespace caseway
