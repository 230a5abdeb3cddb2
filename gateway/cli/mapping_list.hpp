// gateway/cli/mapping_list.hpp - `caseway mapping list`, `remove`: which mappings are in force, who may use
// them, and out with those that nobody uses.
#pragma once

#include "gateway/cli/command.hpp"

namespace caseway {

void addMappingListCommand(CLI::App& group, CommandContext& context);

}  // namespace caseway
