// gateway/record/state_codec.hpp - the bytes of a case's state as CaseRow::state keeps them: compact, versioned,
// canonical. What is known of a state has exactly one text, so equal states compare as bytes. Format:
// docs/formats/case-record.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/record/case_state.hpp"

namespace caseway {

/// Appends the state as a row keeps it: where all of it comes from one record only that record's digest, the system,
/// the stamp and the department, since the statements stand in the history; else the whole.
void encodeState(const CaseState& state, std::string& out);
/// Appends the whole state, wherever it comes from. Systems and stamps that no statement uses any more are left out.
void encodeWhole(const CaseState& state, std::string& out);
/// Reads a whole state; its views point into `bytes`. False for anything that encodeWhole() would not have written:
/// `state` is then cleared.
bool decodeState(std::string_view bytes, CaseState& state);
/// Reads what encodeState() keeps of a state that comes from one record; there are no statements in it. False for
/// anything else; `state` is then cleared.
bool decodeSoleRecord(std::string_view bytes, CaseState& state);

/// A row that only says: this (system, source_case_no) is that case.
std::string encodeAlias(CaseId target);
/// The case behind an alias; nothing where `bytes` is not one.
std::optional<CaseId> aliasTarget(std::string_view bytes);

}  // namespace caseway
