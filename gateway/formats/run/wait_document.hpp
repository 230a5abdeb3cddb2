// gateway/formats/run/wait_document.hpp - what keeps a run from its next page, as a canonical JSON object: as the
// gateway tells it to commands.
#pragma once

#include <optional>
#include <string>

#include "gateway/domain/run.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {

/// Members: code, kind, message, next_step, since, until, where.
void appendRunWait(const RunWait& wait, std::string& out);
/// Nothing: not what appendRunWait() writes.
std::optional<RunWait> readRunWait(const JsonValue& wait);

}  // namespace caseway
