// gateway/cli/sync_preview.hpp - `caseway sync preview`.
#pragma once

#include <vector>

#include "gateway/cli/command.hpp"

namespace caseway {

/// The arguments of the program; where `sync preview` has an expression that begins with '-', it stands last and behind
/// `--`, so that it is judged as an expression and not taken for an option.
std::vector<char*> withExpressionLast(int argc, char** argv);

void addSyncPreviewCommand(CLI::App& group, CommandContext& context);

}  // namespace caseway
