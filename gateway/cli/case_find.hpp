// gateway/cli/case_find.hpp - the case that a person means by a number: the center's, the one of the department's own
// system, or another system's that reports the same case.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "gateway/cli/command.hpp"
#include "gateway/daemon/stored_installation.hpp"

namespace caseway {

/// By `case_no`, given or assigned; else by `source_case_no` of any registered system, deleted cases included. Nothing,
/// and the exit code is set, where there is none (numbers that are near are said) or several (they are said). Throws
/// Fault{StoreUnavailable, StoreCorrupt, ConfigurationBad}. `otherwise` is asked where there is none: true where it told
/// what there is instead, and nothing is said of near numbers then.
std::optional<CaseRow> theCase(StoredInstallation& stored, const std::string& number, CommandContext& context,
                               const std::function<bool()>& otherwise = {});

}  // namespace caseway
