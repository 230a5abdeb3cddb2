// gateway/cli/refusal_text.hpp - a refusal as a line for people and as a JSON line for machines.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/refusal.hpp"

namespace caseway {

/// Appends `,"name":"value"` (without the comma right after "{"); nothing where the value is empty.
void appendMember(std::string_view name, std::string_view value, std::string& out);
/// {"code":…,"where":…,"value":…,"rule":…,"hint":…,"record":n}
std::string jsonOf(const Refusal& refusal);
/// "record 3: apply_time (line 12): date_unreadable: '2***9 (10)': rule; hint"
std::string mistakeText(const Refusal& refusal);
/// "refused: record 3: apply_time (line 12): date_unreadable: '2***9 (10)': rule; hint"
std::string lineOf(const Refusal& refusal);

/// Its hint; to whom reads Chinese the advice of its code, with the commands of the hint that do not stand there yet.
std::string nextStepOf(const Refusal& refusal);
/// lineOf() for people; to whom reads Chinese the next step on a line of its own.
void sayRefused(const Refusal& refusal, std::string_view indent = {});

}  // namespace caseway
