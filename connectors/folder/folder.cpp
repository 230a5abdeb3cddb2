// connectors/folder/folder.cpp - settings to an exchange folder over local files.
#include "connectors/folder/folder.hpp"

#include <algorithm>

#include "connectors/folder/local_files.hpp"

namespace caseway {
namespace {
constexpr std::chrono::milliseconds kOpenWithin{10'000};
}  // namespace

FolderType::FolderType(WallClock now)
    : now_(std::move(now)),
      spec_(exchangeSpec("folder", "Exchange folder (前置机) on this machine or on a mounted file system")) {}

std::unique_ptr<Connector> FolderType::open(const std::string& settings,
                                            const ConnectorSurroundings& surroundings) const {
    FlatSettings given(settings);
    const ExchangeSettings exchange = readExchangeSettings(given);
    given.noMore();
    const LocalFiles::Paths paths{exchange.folder, exchange.archive, exchange.error, exchange.out};
    const auto make = [exchange, paths, now = now_,
                       broken = broken_](const ConnectorSurroundings& gated) -> std::unique_ptr<Connector> {
        if (gated.allow_folder)
            for (const std::string& folder : {paths.in, paths.archive, paths.error, paths.out})
                if (!folder.empty()) gated.allow_folder(folder);
        return std::make_unique<ExchangeFolder>(exchange, gated, std::make_unique<LocalFiles>(paths), now, broken);
    };
    // Whoever looks at a network share whose server is gone waits, and nothing ends that.
    return makeBounded({.open = make,
                        .surroundings = surroundings,
                        .hanging = hanging_,
                        .key = paths.in + '\0' + paths.archive + '\0' + paths.error + '\0' + paths.out,
                        .where = paths.in.empty() ? paths.out : paths.in,
                        .open_within = std::min(surroundings.deadline, kOpenWithin)});
}

}  // namespace caseway
