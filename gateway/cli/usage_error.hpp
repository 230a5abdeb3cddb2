// gateway/cli/usage_error.hpp - a command line that was not understood, told so that the next one is right: which
// option, what it is for, an example, what to do; in the language of the user.
#pragma once

#include <CLI/CLI.hpp>
#include <string_view>

namespace caseway {

/// Tells it on stderr, what was asked for with --help on stdout. Gives the exit code: 0 or 2.
int tellUsage(const CLI::App& program, const CLI::ParseError& error);

/// "error: …" and the next step for a line that CLI11 never saw.
void tellMistake(std::string_view english, std::string_view chinese, std::string_view next);

}  // namespace caseway
