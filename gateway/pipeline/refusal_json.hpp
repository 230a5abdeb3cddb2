// gateway/pipeline/refusal_json.hpp - a refusal as answers and machine output tell it; by itself, for commands that
// have no answers.
#pragma once

#include <string>

#include "gateway/base/refusal.hpp"

namespace caseway {

/// {"code":…,"where":…,"value":…,"rule":…,"hint":…,"record":n}: the first mistake; empty members are left out.
void appendRefusal(const Refusal& refusal, std::string& out);

}  // namespace caseway
