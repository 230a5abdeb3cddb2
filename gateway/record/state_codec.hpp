// gateway/record/state_codec.hpp - the bytes of a case's state as CaseRow::state keeps them: compact, versioned,
// canonical. What is known of a state has exactly one text, so equal states compare as bytes. Format:
// docs/formats/case-record.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/record/case_state.hpp"

namespace caseway {

/// Appends the state. Systems and stamps that no statement uses any more are left out.
void encodeState(const CaseState& state, std::string& out);
/// Reads a state; its views point into `bytes`. False for anything that encodeState would not have written: `state` is
/// then cleared.
bool decodeState(std::string_view bytes, CaseState& state);
/// Of a state that comes from one record all but its statements: `sole_record`, the system, the stamp, the department.
/// False for any other; `state` is then cleared.
bool decodeSoleRecord(std::string_view bytes, CaseState& state);

/// A row that only says: this (system, source_case_no) is that case.
std::string encodeAlias(CaseId target);
/// The case behind an alias; nothing where `bytes` is not one.
std::optional<CaseId> aliasTarget(std::string_view bytes);

}  // namespace caseway
