// gateway/cli/sync_runs.hpp - `caseway sync run|retry|cancel|status|history|show`.
#pragma once

#include "gateway/cli/admin_client.hpp"
#include "gateway/cli/command.hpp"

namespace caseway {

/// Asks the running gateway. Throws Fault{NetworkUnavailable} where none runs on this data folder.
AdminAnswer askSync(const CommandContext& context, const std::string& method, const std::string& target,
                    const std::string& body = {});

/// What is wrong with the number of a run, for CLI11; empty: nothing.
std::string runNumberMistake(const std::string& text);

void addSyncRunCommands(CLI::App& group, CommandContext& context);

}  // namespace caseway
