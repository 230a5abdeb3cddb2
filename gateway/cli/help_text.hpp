// gateway/cli/help_text.hpp - `--help` in the user's language.
#pragma once

#include <CLI/CLI.hpp>

namespace caseway {

/// Before commands are added to `program`, which take its form over: Chinese where the user speaks it.
void setHelpLanguage(CLI::App& program);

}  // namespace caseway
