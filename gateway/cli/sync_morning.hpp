// gateway/cli/sync_morning.hpp - `caseway sync morning`: the report of a night, from the store, with or without a
// gateway.
#pragma once

#include "gateway/cli/command.hpp"

namespace caseway {

void addSyncMorningCommand(CLI::App& group, CommandContext& context);

}  // namespace caseway
