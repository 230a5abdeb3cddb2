// gateway/cli/program.hpp - a command line from its words to the exit code, the same whichever program holds the
// command.
#pragma once

#include <functional>
#include <string_view>

#include "gateway/cli/command.hpp"

namespace caseway {

/// Adds commands; `asked`: the first word of the line, so that only what it needs has to be added.
using AddCommands = std::function<void(CLI::App& program, CommandContext& context, std::string_view asked)>;

/// Runs the line's command. Gives the exit code of the process; throws nothing that a command throws.
int runProgram(int argc, char** argv, const AddCommands& add);

}  // namespace caseway
