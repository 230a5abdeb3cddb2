// gateway/record/patch_json.hpp - patches as they stand in a case's history, and back: the record's canonical JSON,
// with the names of cleared fields beside it. Strict against the field table; for history, tests and tools, not for
// payloads.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"
#include "gateway/domain/case_patch.hpp"

namespace caseway {

/// appendJson() of the patch; where it clears fields, with one more member first:
/// "$cleared":["result.reason","steps.0.opinion"].
void appendHistoryJson(const CasePatch& patch, std::string& out);

/// Fills `patch` (cleared first) from canonical record JSON, with or without "$cleared". null is absent. Refusals:
/// those of parseJson; unknown_field, wrong_type, rule_broken, with a JSON pointer as `where`. The texts live in the
/// patch's arena.
Result<Done> patchFromJson(std::string_view json, CasePatch& patch);

/// A record as the history keeps it, and the digest that its outcome line states.
struct PatchText {
    std::string json;
    Sha256 digest;
};
/// Fills `text`, whose memory is kept.
void textOf(const CasePatch& patch, PatchText& text);

}  // namespace caseway
