// gateway/normalize/one_for_list.hpp - what must be known of a JSON list when its mapping loads, should values stand in
// it that are no objects; with `or_one` also, should no list but one value stand in its place.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/normalize/expression.hpp"
#include "gateway/normalize/full_width.hpp"
#include "gateway/normalize/plan.hpp"

namespace caseway {

inline constexpr std::string_view kListOpened = "[*]";

/// A field or list of the record reads what stands in the place of the list that `each` opens, should it be none.
inline bool isReadBeside(const Expression& each, const KindSpec& kind, const MappingSpec& mapping) {
    std::vector<PathStep> place = each.simple->steps;
    place.pop_back();
    const auto reads = [&](const std::string& text) {
        if (text.empty()) return false;
        const auto one = readExpression(mapping.format, text, mapping.namespaces, 0);
        return one && one->simple && one->simple->steps == place && !one->on_document;
    };
    return std::any_of(kind.fields.begin(), kind.fields.end(),
                       [&](const FieldSpec& one) { return reads(one.expression); }) ||
           std::any_of(kind.lists.begin(), kind.lists.end(), [&](const ListSpec& one) { return reads(one.each); });
}

/// A plain JSON path that opens a list at its end.
inline bool opensListAtEnd(const Expression& expression, const MappingSpec& mapping) {
    return mapping.format == SourceFormat::Json && expression.simple && !expression.simple->steps.empty() &&
           expression.simple->steps.back().test == PathStep::Test::Any && expression.text.ends_with(kListOpened);
}

/// `each`: as it is written, such a path.
inline void noteOpenedList(const Expression& each, const ListSpec& spec, const KindSpec& kind,
                           const MappingSpec& mapping, ListPlan& made) {
    made.opens_list = true;
    made.takes_value = !isReadBeside(each, kind, mapping);
    TextArena folded;
    for (const std::string& text : spec.empty_values) made.fillers.emplace_back(foldedToHalfWidth(text, folded));
    const std::string list = each.written.substr(0, each.written.rfind(kListOpened));
    if (const auto one = readExpression(mapping.format, list, mapping.namespaces, 0)) made.pointer = one->pointer;
}

}  // namespace caseway
