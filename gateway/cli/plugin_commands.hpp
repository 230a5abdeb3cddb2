// gateway/cli/plugin_commands.hpp - what a plug-in's author needs: `caseway connector new` and `verify`.
#pragma once

#include "gateway/cli/command.hpp"

namespace caseway {

/// new, verify
void addPluginCommands(CLI::App& group, CommandContext& context);
void addPluginVerify(CLI::App& group, CommandContext& context);

}  // namespace caseway
