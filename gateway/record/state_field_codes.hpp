// gateway/record/state_field_codes.hpp - the numbers under which stored states know the fields and lists of the record.
// FieldId is a place in a sorted table and moves when the schema grows; these numbers never do. Append only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "gateway/domain/case_schema.hpp"

namespace caseway {

/// Dotted names; the code of a name is its place, from 1. A name that left the schema keeps its place.
std::span<const std::string_view> stateFieldNames();
std::uint32_t codeOf(FieldId field);
/// Nothing for a code that no field of this schema has.
std::optional<FieldId> fieldOfCode(std::uint64_t code);

std::uint8_t codeOf(Section list);
std::optional<Section> listOfCode(std::uint8_t code);

}  // namespace caseway
