// gateway/record/case_lookup.hpp - which stored case a number means, aliases followed. For the recorder and for
// everyone who reads. An alias is a case row that only says "this (system, source_case_no) is that case"; it is marked
// deleted and never shown.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "gateway/ports/key_ring.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/record/case_number.hpp"

namespace caseway {

bool isAlias(const CaseRow& row);
/// The case that a row stands for: itself, or what its alias points to. Throws Fault{StoreCorrupt} where that is
/// missing.
CaseRow behindAlias(StoreReader& store, CaseRow row);
/// The case of one system's own number.
std::optional<CaseRow> caseOfSource(StoreReader& store, const SystemId& system, std::string_view source_case_no);
/// The cases that registered systems know by the number of `filter` and that are listed under another system's: those
/// behind their aliases, each once, ascending by id. Of the filter number, status and `include_deleted` count.
std::vector<CaseRow> casesBehindAliases(StoreReader& store, const KeyRing& known, const CaseFilter& filter);
/// The case known under `case_no`, a given number or one that the gateway assigned, also one that it gave up since.
std::optional<CaseRow> caseOfNumber(StoreReader& store, const CaseNumbers& numbers, std::string_view case_no);

}  // namespace caseway
