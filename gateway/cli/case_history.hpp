// gateway/cli/case_history.hpp - `caseway case history`: every record of every message that spoke of a case, in the
// order of the log, with what became of it and what of it stands. Personal data is masked.
#pragma once

#include "gateway/cli/command.hpp"

namespace caseway {

void addCaseHistoryCommand(CLI::App& group, CommandContext& context);

}  // namespace caseway
