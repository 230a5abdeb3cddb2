// gateway/cli/sync_preview.hpp - `caseway sync preview`.
#pragma once

#include "gateway/cli/command.hpp"

namespace caseway {

void addSyncPreviewCommand(CLI::App& group, CommandContext& context);

}  // namespace caseway
