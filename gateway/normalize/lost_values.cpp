// gateway/normalize/lost_values.cpp - the part of the record builder that tells values which nothing of the mapping
// takes: one value in a list of objects, and a code that no table has.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "gateway/domain/place_text.hpp"
#include "gateway/normalize/found_nothing.hpp"
#include "gateway/normalize/full_width.hpp"
#include "gateway/normalize/record_builder.hpp"
#include "gateway/normalize/shown_value.hpp"
#include "gateway/normalize/white_space.hpp"

namespace caseway {

void RecordBuilder::mistakeOfValue(const RecordState& record, const LostValue& lost) {
    if (mistakes_.size() >= kMostMistakesOfRecord) return;
    if (!mistakes_.empty() && ++further_ > kMostFurther) return;
    const ListPlan& list = *lost.list;
    const std::string inside = record.pointer + list.pointer;
    mistakes_.push_back({"value_not_object",
                         fmt::format("{}.each, {}, item {}", nameOf(list.list),
                                     placeText({}, {ordinal_, record.line, inside.empty() ? "/" : inside}), lost.item),
                         shownValue(std::nullopt, false, lost.text, sink_.showsCodes()),
                         "an object, of which the mapping reads the members",
                         shortened(hintOfValue(list.written, list.says_or_one)), ordinal_});
}

/// One value where the mapping looks for members of an object is lost, unless another map of the list takes it. Maps
/// with one `each` find the same items in the same order.
void RecordBuilder::tellLostValues(const RecordState& record) {
    std::set<std::tuple<Section, std::string_view, std::size_t>> told;
    const auto placeOfValue = [](const LostValue& one) {
        return std::tuple<Section, std::string_view, std::size_t>(one.list->list, one.list->written, one.item);
    };
    for (const LostValue& one : taken_) told.insert(placeOfValue(one));
    for (const LostValue& one : lost_)
        if (told.insert(placeOfValue(one)).second) mistakeOfValue(record, one);
}

/// An item that is no object but one value: whether its map takes anything of it.
void RecordBuilder::noteValue(const RecordState& record, const FoundItem& item) {
    const std::string_view text = record.textOf(*item.value);
    TextArena arena;
    const std::string_view said = trimmed(foldedToHalfWidth(text, arena));
    if (std::find(list_->fillers.begin(), list_->fillers.end(), said) != list_->fillers.end()) return;
    auto& where = foundNothing(record, list_->fields, std::nullopt, item.first_slot) ? lost_ : taken_;
    where.push_back({list_, item_, text});
}

std::string RecordBuilder::hintOf(const FieldPlan& field, const ValueOutcome& outcome) {
    const bool is_told = !field.takes_unfit && mistakes_.size() < kMostMistakesOfRecord;
    const std::string_view near =
        is_told && outcome.code == "code_unknown" ? near_.of(field.rule, outcome.text) : std::string_view();
    return near.empty() ? std::string(outcome.hint) : fmt::format("did you mean '{}'? {}", near, outcome.hint);
}

}  // namespace caseway
