// gateway/cli/mapping_list.hpp - `caseway mapping list`: which mappings are in force, and who may use them.
#pragma once

#include "gateway/cli/command.hpp"

namespace caseway {

void addMappingListCommand(CLI::App& group, CommandContext& context);

}  // namespace caseway
