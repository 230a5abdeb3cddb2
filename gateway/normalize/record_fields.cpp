// gateway/normalize/record_fields.cpp - the part of the builder that fills a record and its items: of each field the
// first alternative that yields a value, and who takes what did not fit.
#include <fmt/format.h>

#include <algorithm>

#include "gateway/domain/place_text.hpp"
#include "gateway/normalize/found_nothing.hpp"
#include "gateway/normalize/record_builder.hpp"
#include "gateway/normalize/shown_value.hpp"

namespace caseway {

/// An alternative before that of `field` was taken, or refused, so that nobody looks at this one's value.
bool RecordBuilder::standsBefore(const FieldPlan& field) const {
    return std::any_of(settled_.begin(), settled_.end(), [&field](const FieldPlan* one) {
        return one->field == field.judged && one->alternative < field.alternative;
    });
}

bool RecordBuilder::isRefused(const FieldPlan& field) const {
    if (field.takes_unfit || settled_.empty()) return false;
    return settled_.back()->field == field.field && settled_.back()->extra_name == field.extra_name;
}

/// Two alternatives that both do not fit are two values for one place: the second is refused, not lost.
void RecordBuilder::tellSecondUnfit(const RecordState& record, const FieldPlan& field, std::uint32_t first_slot,
                                    std::string_view kept) {
    if (field.judged && standsBefore(field)) return;
    if (field.condition && !holds(record, *field.condition, first_slot)) return;
    const Found found = find(record, field, first_slot);
    if (found.object || found.text.size() > limits_.field_bytes) return;  // the field itself tells it
    const ValueOutcome taken = field.rule.apply(found.kind, found.text, patch_.arena);
    if (taken.status != ValueStatus::Value || taken.text == kept) return;
    const ValueOutcome why = field.rule.judged(found.kind, found.text, patch_.arena);
    if (why.status != ValueStatus::Refused || mistakes_.size() >= kMostMistakesOfRecord) return;
    if (!mistakes_.empty() && ++further_ > kMostFurther) return;
    const std::string inside = record.pointer + (item_ == 0 ? field.pointer : std::string{});
    std::string place = placeText(
        field.judged_name, {ordinal_, found.line != 0 ? found.line : record.line, inside.empty() ? "/" : inside});
    if (item_ != 0) fmt::format_to(std::back_inserter(place), ", item {}", item_);
    mistakes_.push_back(
        {std::string(why.code), std::move(place),
         shownValue(field.judged, why.code == "code_unknown", found.text, sink_.showsCodes()), shortened(why.rule),
         fmt::format("{} holds another value that does not fit: give each alternative an `unfit` of its "
                     "own, or correct the value",
                     field.name),
         ordinal_});
}

/// A value of `field` stands, or it was refused: of its other alternatives none is looked at.
void RecordBuilder::settle(const FieldPlan& field, const Yield& found) {
    if (found.is_there || found.is_refused) settled_.push_back(&field);
}

void RecordBuilder::buildFields(const RecordState& record) {
    settled_.clear();
    for (const FieldPlan& field : record.kind->fields) {
        if (field.alternative != 0 && isRefused(field)) continue;
        if (field.field) {
            if (!patch_.fields.empty() && patch_.fields.back().field == *field.field) {
                if (field.takes_unfit) tellSecondUnfit(record, field, 0, patch_.fields.back().text);
                continue;
            }
            const Yield found = apply(record, field, 0);
            if (field.has_others) settle(field, found);
            if (found.is_there) patch_.fields.push_back({*field.field, found.kind, found.text, found.is_clean});
        } else {
            if (!patch_.extra.empty() && patch_.extra.back().name == field.extra_name) {
                if (field.takes_unfit) tellSecondUnfit(record, field, 0, patch_.extra.back().text);
                continue;
            }
            const Yield found = apply(record, field, 0);
            if (field.has_others) settle(field, found);
            if (found.is_there) patch_.extra.push_back({field.extra_name, found.kind, found.text});
        }
    }
}

void RecordBuilder::buildItemFields(const RecordState& record, const ListPlan& list, std::uint32_t first_slot) {
    const std::size_t first = patch_.item_fields.size();
    settled_.clear();
    for (const FieldPlan& field : list.fields) {
        if (field.alternative != 0 && isRefused(field)) continue;
        const bool has_one = patch_.item_fields.size() > first && patch_.item_fields.back().field == *field.field;
        if (has_one && field.takes_unfit) tellSecondUnfit(record, field, first_slot, patch_.item_fields.back().text);
        if (has_one) continue;
        const Yield found = apply(record, field, first_slot);
        if (field.has_others) settle(field, found);
        if (found.is_there) patch_.item_fields.push_back({*field.field, found.kind, found.text, found.is_clean});
    }
}

void RecordBuilder::buildItems(const RecordState& record) {
    items_.assign(record.kind->lists.size(), 0);
    lost_.clear();
    taken_.clear();
    for (const FoundItem& item : record.items) {
        const ListPlan& list = record.kind->lists[item.list];
        item_ = ++items_[item.list];
        list_ = &list;
        if (item.is_list && foundNothing(record, list.fields, list.condition, item.first_slot)) {
            mistakeOfList(record, list);
            continue;
        }
        if (list.condition && !holds(record, *list.condition, item.first_slot)) continue;
        if (item.value) noteValue(record, item);
        const auto first = static_cast<std::uint32_t>(patch_.item_fields.size());
        buildItemFields(record, list, item.first_slot);
        const auto count = static_cast<std::uint32_t>(patch_.item_fields.size()) - first;
        if (count != 0) patch_.items.push_back({list.list, first, count});
    }
    item_ = 0;
    if (!lost_.empty()) tellLostValues(record);
    std::stable_sort(patch_.items.begin(), patch_.items.end(),
                     [](const ListItem& a, const ListItem& b) { return a.list < b.list; });
}

}  // namespace caseway
