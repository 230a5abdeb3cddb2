// gateway/cli/log_show.hpp - `caseway log show`: leaves for people, and of a change of the register who, before, after.
#pragma once

#include "gateway/cli/command.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// Says that the log has no such leaf, and how many it has, and sets the exit code.
void tellNoLeaf(CommandContext& context, LogIndex index, LogIndex size);

/// Adds the command to the group `log`.
void addLogShowCommand(CLI::App& group, CommandContext& context);

}  // namespace caseway
