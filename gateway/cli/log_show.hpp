// gateway/cli/log_show.hpp - `caseway log show`: leaves for people, and of a change of the register who, before, after.
#pragma once

#include "gateway/cli/command.hpp"

namespace caseway {

/// Adds the command to the group `log`.
void addLogShowCommand(CLI::App& group, CommandContext& context);

}  // namespace caseway
