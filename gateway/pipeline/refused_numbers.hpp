// gateway/pipeline/refused_numbers.hpp - what is kept of a record that its mapping refused: its numbers, as far as they
// could be read, so that who asks for the case later finds why it was refused. Nothing else of it.
#pragma once

#include "gateway/domain/case_patch.hpp"
#include "gateway/record/patch_json.hpp"

namespace caseway {

/// `text`: of a patch with case_no and source_case_no of `mapped`; empty where it has neither.
void numbersOf(const CasePatch& mapped, PatchText& text);

}  // namespace caseway
