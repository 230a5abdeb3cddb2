// gateway/normalize/found_nothing.hpp - records and items in which nothing stands of what the mapping looks for, and
// what to do about them.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/normalize/plan.hpp"
#include "gateway/normalize/record_state.hpp"

namespace caseway {

inline bool isMissing(const RecordState& record, const Source& source, std::uint32_t first_slot) {
    return source.constant || source.of_document || record.slots[first_slot + source.slot].kind == RawKind::Missing;
}

/// Nothing of what the mapping looks for stands in it: of an array this says that its elements were meant. An array
/// whose elements are asked for by number is a record like any other.
inline bool foundNothing(const RecordState& record, const std::vector<FieldPlan>& fields,
                         const std::optional<ConditionPlan>& condition, std::uint32_t first_slot) {
    if (condition && !isMissing(record, condition->source, first_slot)) return false;
    return std::all_of(fields.begin(), fields.end(), [&](const FieldPlan& field) {
        return isMissing(record, field.source, first_slot) &&
               (!field.condition || isMissing(record, field.condition->source, first_slot));
    });
}

inline std::string hintOfNothing(const std::string& written, std::string_view else_what) {
    return fmt::format("`{}` found nothing: point it at where the value stands; where it stands nowhere, {}", written,
                       else_what);
}

inline std::string hintOfList(std::string_view key, const std::string& written) {
    return fmt::format("`{}: {}` finds a list itself: write `{}[*]`", key, written, written);
}

/// `or_one`: the list takes one object in its place; where it does not, the members of one are such values.
inline std::string hintOfValue(const std::string& written, bool or_one) {
    return fmt::format(
        "`each: {}` finds a value itself: {}a field of the item takes it by `@`, or one of the record by "
        "what stands before `[*]`; or the department sends an object",
        written,
        or_one ? "" : "where one object stands in the place of the list, write `or_one: true` beside `each`; ");
}

}  // namespace caseway
