// gateway/cli/sync_report.hpp - `caseway sync report`.
#pragma once

#include "gateway/cli/command.hpp"

namespace caseway {

void addSyncReportCommand(CLI::App& group, CommandContext& context);

}  // namespace caseway
