// gateway/daemon/lost_cases.hpp - cases that their department cannot reach any more, because its code was changed in
// its file by hand: no command and no apply does that. `caseway doctor` tells them.
#pragma once

#include <vector>

#include "gateway/daemon/run_findings.hpp"
#include "gateway/formats/register/read_register.hpp"

namespace caseway {

/// One for each system of which a case stands under another code than its department has now. A few of the cases of
/// each are looked at. Throws Fault as a StoreReader does.
std::vector<RunFinding> lostCases(StoreReader& reader, const RegisterContent& content);

}  // namespace caseway
