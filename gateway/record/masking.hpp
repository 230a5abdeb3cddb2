// gateway/record/masking.hpp - personal data of a record made unreadable for lists and views. What `extra` holds nobody
// knows, so it counts as personal, booleans aside.
#pragma once

#include <string>

#include "gateway/domain/case_patch.hpp"
#include "gateway/record/case_state.hpp"

namespace caseway {

/// Masks every personal value of `record`; the masked texts live in its arena.
void maskPersonal(CasePatch& record);
/// Masks one value where it is personal.
void maskValue(const Subject& subject, ValueKind& kind, std::string& text);

}  // namespace caseway
