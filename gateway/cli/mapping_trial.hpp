// gateway/cli/mapping_trial.hpp - trying a mapping: `caseway mapping check|run|test`.
#pragma once

#include <iosfwd>
#include <vector>

#include "gateway/cli/command.hpp"
#include "gateway/normalize/mapping_loader.hpp"

namespace caseway {

/// Adds `mapping` with check, run and test; gives the group, for what else belongs there.
CLI::App* addMappingTrialCommands(CLI::App& program, CommandContext& context);

/// Shows all mistakes; the exit code is that of a refusal. `out`: where the machine's lines go.
void showMistakes(const std::vector<MappingMistake>& mistakes, CommandContext& context, std::ostream& out);

}  // namespace caseway
