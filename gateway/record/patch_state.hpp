// gateway/record/patch_state.hpp - one record of one message as a state of its own: what join() adds to a case.
// Also here: the business time of a record, and the keys by which items of lists are known. Pure functions of the
// patch.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gateway/record/case_state.hpp"

namespace caseway {

/// True for a time at which something happened: not a due or planned time, nor one that the source calculated.
bool isEventTime(FieldId field);
struct EventTime {
    FieldId field{};
    Instant time{};
};
/// The latest event time that the record states, in fields and items; nothing where it states none.
std::optional<EventTime> businessTime(const CasePatch& patch);
/// The stated data_version, 1 where none is; 0 where the text is no number that fits.
std::uint64_t dataVersion(const CasePatch& patch);

/// Appends the bytes of a natural key to `key`; false where a part is missing or empty. Times are compared as instants.
/// `fields` stand in ascending FieldId.
bool appendNaturalKey(std::span<const FieldId> parts, std::span<const FieldValue> fields, std::string& key);

/// Fills `state` (cleared first) with the statements of `patch`, all made by `system` with `stamp`. case_no and
/// source_system are not statements: the one is the identity of the case, the other comes from the register. Items of
/// one patch with the same key are one item, the later one wins. Views point into `patch` and into the state's arena.
void stateOf(const CasePatch& patch, const StatingSystem& system, const Stamp& stamp, CaseState& state);

}  // namespace caseway
