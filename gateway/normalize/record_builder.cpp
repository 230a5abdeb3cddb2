// gateway/normalize/record_builder.cpp - conditions, rules and the order of a patch; refusals with place and masked
// value.
#include "gateway/normalize/record_builder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/mask.hpp"
#include "gateway/domain/place_text.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/normalize/found_nothing.hpp"
#include "gateway/normalize/full_width.hpp"
#include "gateway/normalize/number_form.hpp"
#include "gateway/normalize/shown_value.hpp"
#include "gateway/normalize/white_space.hpp"

namespace caseway {
namespace {

constexpr std::size_t kMostWords = 1000;  ///< bytes of a rule or hint: a code table may hold anything

FieldId caseNumberField() {
    static const FieldId kField = *fieldNamed("source_case_no");
    return kField;
}

}  // namespace

namespace {

constexpr std::string_view kListFound = "list_found";

}  // namespace

bool RecordBuilder::holds(const RecordState& record, const ConditionPlan& condition, std::uint32_t first_slot) const {
    const Slot& slot = record.slots[first_slot + condition.source.slot];
    bool yes = slot.kind != RawKind::Missing && slot.kind != RawKind::Null;
    if (yes && condition.one_of.empty())
        yes = slot.truth && (slot.kind != RawKind::Boolean || record.textOf(slot) != "false");
    if (yes && !condition.one_of.empty()) {
        TextArena folded;
        const auto isOneOf = [&](std::string_view text) {
            return std::find(condition.one_of.begin(), condition.one_of.end(), text) != condition.one_of.end();
        };
        const std::string_view text = trimmed(foldedToHalfWidth(record.textOf(slot), folded));
        yes = isOneOf(text);
        if (!yes && slot.kind == RawKind::Number) {
            std::string digits;
            yes = isOneOf(plainNumber(text, digits));
        }
    }
    return yes != condition.negated;
}

/// Several nodes of one field as a canonical JSON array of texts.
std::string_view RecordBuilder::joined(const RecordState& record, std::uint32_t slot) {
    joined_ = "[";
    for (const SlotNode& node : record.nodes) {
        if (node.slot != slot || node.value.kind == RawKind::Null) continue;
        if (joined_.size() > 1) joined_ += ',';
        if (node.value.kind == RawKind::Array) {
            joined_ += record.textOf(node.value);
        } else {
            appendJsonString(record.textOf(node.value), joined_);
        }
    }
    joined_ += ']';
    return joined_;
}

RecordBuilder::Found RecordBuilder::find(const RecordState& record, const FieldPlan& field, std::uint32_t first_slot) {
    if (field.source.constant) return {RawKind::Text, field.constant, 0, false};
    const std::uint32_t index = first_slot + field.source.slot;
    const Slot* slot = &record.slots[index];
    if (field.takes_all && slot->kind != RawKind::Missing) {
        std::size_t count = 0;
        for (const SlotNode& node : record.nodes) {
            if (node.slot != index) continue;
            if (++count == 1) slot = &node.value;
        }
        if (count > 1) return {RawKind::Array, patch_.arena.keep(joined(record, index)), slot->line, false};
    }
    return {slot->kind, record.textOf(*slot), slot->line, slot->object};
}

std::string shortened(std::string_view words) {
    if (words.size() <= kMostWords) return std::string(words);
    std::size_t end = kMostWords;
    while (end != 0 && (static_cast<unsigned char>(words[end]) & 0xC0) == 0x80) --end;
    return std::string(words.substr(0, end)) + "…";
}

std::string RecordBuilder::placeOf(const RecordState& record, const FieldPlan* field, std::uint32_t line) const {
    const std::uint64_t at_line = line != 0 ? line : record.line;
    std::string inside = record.pointer + (field != nullptr && item_ == 0 ? field->pointer : std::string{});
    if (inside.empty()) inside = "/";
    std::string place = placeText(field != nullptr ? field->name : std::string_view(), {ordinal_, at_line, inside});
    if (item_ == 0) return place;
    fmt::format_to(std::back_inserter(place), ", item {}", item_);
    const auto& lists = record.kind->lists;
    const auto maps =
        std::count_if(lists.begin(), lists.end(), [this](const ListPlan& one) { return one.list == list_->list; });
    if (maps > 1) fmt::format_to(std::back_inserter(place), " of `{}`", shortened(list_->written));
    return place;
}

void RecordBuilder::mistake(const RecordState& record, const FieldPlan& field, const Found& found,
                            std::string_view code, std::string_view rule, std::string_view hint) {
    if (field.takes_unfit) return;
    if (mistakes_.size() >= kMostMistakesOfRecord) return;
    if (!mistakes_.empty() && ++further_ > kMostFurther) return;
    const bool is_there = found.kind != RawKind::Missing && !found.text.empty();
    mistakes_.push_back(
        {std::string(code), placeOf(record, &field, found.line),
         is_there ? shownValue(field.field, code == "code_unknown", found.text, sink_.showsCodes()) : std::string{},
         shortened(rule), shortened(hint), ordinal_});
}

void RecordBuilder::mistakeOfList(const RecordState& record, const ListPlan& list) {
    if (mistakes_.size() >= kMostMistakesOfRecord) return;
    if (!mistakes_.empty() && ++further_ > kMostFurther) return;
    mistakes_.push_back({std::string(kListFound),
                         fmt::format("{}.each, {}", nameOf(list.list), placeOf(record, nullptr, 0)),
                         {},
                         "one item, not a list of them",
                         shortened(hintOfList("each", list.written)),
                         ordinal_});
}

namespace {

/// Nothing, where it is refused.
template <class Yield>
Yield yieldOf(const ValueOutcome& outcome) {
    const bool is_cleared = outcome.status == ValueStatus::Cleared;
    return {is_cleared ? ValueKind::Cleared : outcome.kind, outcome.text, false,
            is_cleared || outcome.status == ValueStatus::Value};
}

}  // namespace

RecordBuilder::Yield RecordBuilder::applyToText(const RecordState& record, const FieldPlan& field,
                                                std::uint32_t first_slot, std::string_view text) {
    const ValueOutcome outcome = field.rule.applyText(text, patch_.arena);
    if (outcome.status == ValueStatus::Refused) return applyRule(record, field, first_slot);  // which tells it
    return yieldOf<Yield>(outcome);
}

RecordBuilder::Yield RecordBuilder::applyRule(const RecordState& record, const FieldPlan& field,
                                              std::uint32_t first_slot) {
    constexpr Yield kRefused{.is_refused = true};
    if (field.follows_others && standsBefore(field)) return {};
    if (field.condition && !holds(record, *field.condition, first_slot)) return {};
    const Found found = find(record, field, first_slot);
    if (found.object) {
        mistake(record, field, found, "value_not_scalar", "a text, a number, true or false",
                "point the expression at a value inside the object");
        return kRefused;
    }
    if (found.text.size() > limits_.field_bytes) {
        mistake(record, field, {}, "field_too_large",
                fmt::format("at most {} bytes in one value (limits.field_bytes)", limits_.field_bytes),
                "leave the field out of the mapping, or raise limits.field_bytes");
        return kRefused;
    }
    const ValueOutcome outcome = field.rule.apply(found.kind, found.text, patch_.arena);
    if (outcome.status != ValueStatus::Refused) return yieldOf<Yield>(outcome);
    const bool is_nowhere = found.kind == RawKind::Missing && !field.written.empty();
    mistake(record, field, found, outcome.code, outcome.rule,
            is_nowhere ? hintOfNothing(field.written, "the department must send it, or the mapping give a default")
                       : hintOf(field, outcome));
    return kRefused;
}

void RecordBuilder::requireCaseNumber(const RecordState& record) {
    const FieldValue* number = patch_.find(caseNumberField());
    if ((number != nullptr && number->kind != ValueKind::Cleared) || !mistakes_.empty()) return;
    const auto& fields = record.kind->fields;
    const auto plan =
        std::find_if(fields.begin(), fields.end(), [](const FieldPlan& one) { return one.field == caseNumberField(); });
    std::string where =
        plan != fields.end() ? placeOf(record, &*plan, 0) : "source_case_no, " + placeOf(record, nullptr, 0);
    mistakes_.push_back(
        {"required_missing",
         std::move(where),
         {},
         "a record bears the number of its case in its own system",
         plan == fields.end() || plan->written.empty() || plan->condition || !isMissing(record, plan->source, 0)
             ? "send it, or point source_case_no of the mapping at it"
             : shortened(hintOfNothing(plan->written, "the department must send it")),
         ordinal_});
}

/// Where the record found is a list of records.
bool RecordBuilder::refuseList(const RecordState& record) {
    return refuse(record, std::string(kListFound), "one record, not a list of them",
                  shortened(hintOfList("records", record.kind->written.empty() ? "$" : record.kind->written)));
}

bool RecordBuilder::handOver(const RecordState& record) {
    bool goes_on = true;
    is_taken_ = true;
    if (mistakes_.empty()) {
        const bool is_document = record.line == 0 && record.pointer.empty();
        patch_.place = {ordinal_, record.line, is_document ? std::string_view("/") : record.pointer};
        if (mapped_by_kind_.size() <= record.kind_index) mapped_by_kind_.resize(record.kind_index + std::size_t{1});
        ++mapped_by_kind_[record.kind_index];
        goes_on = sink_.record(patch_);
    } else {
        Refusal refusal = std::move(mistakes_.front());
        refusal.also.assign(std::make_move_iterator(mistakes_.begin() + 1), std::make_move_iterator(mistakes_.end()));
        goes_on = sink_.refusedOf(refusal, patch_);
    }
    stopped_ = stopped_ || !goes_on;
    return goes_on;
}

bool RecordBuilder::refuse(const RecordState& record, std::string code, std::string rule, std::string hint) {
    ++ordinal_;
    patch_.clear();
    mistakes_.clear();
    mistakes_.push_back({std::move(code), placeOf(record, nullptr, 0), {}, std::move(rule), std::move(hint), ordinal_});
    return handOver(record);
}

/// The condition of the only kind that finds a record is a filter; of several kinds one was meant.
bool RecordBuilder::leave(const RecordState& record, std::size_t left_by, bool is_passed_over) {
    if (is_passed_over || (left_by == 1 && !record.kind->is_rest)) {
        ++passed_over_;
        if (is_named_) ++unwanted_;
        return true;
    }
    const auto& condition = record.kind->condition;
    const std::string_view code =
        condition && !condition->one_of.empty() ? record.textOf(record.slots[condition->source.slot]) : "";
    ++ordinal_;
    patch_.clear();
    mistakes_.clear();
    mistakes_.push_back(
        {"no_kind_takes", placeOf(record, nullptr, 0),
         code.empty() ? std::string() : shownKind(code, sink_.showsCodes()),
         record.kind->is_rest ? std::string("a record of a kind that the mapping knows")
                              : fmt::format("a record that one of its {} kinds takes by its `when`", left_by),
         "add its kind to the mapping; one that nothing is made of: a kind with `pass_over: true`", ordinal_});
    const bool goes_on = handOver(record);
    is_taken_ = false;
    return goes_on;
}

bool RecordBuilder::refuseCostly(const RecordState& record, const std::string& place, std::uint64_t most_steps) {
    std::string rule = fmt::format("{} can be evaluated on this record within the steps of its message", place);
    if (most_steps != 0) rule += fmt::format(", and within {} of its own, as it compares sets of nodes", most_steps);
    return refuse(record, "expression_too_costly", std::move(rule),
                  "simplify the expression (`caseway mapping check` tells which are costly), or send a smaller record");
}

bool RecordBuilder::refuseTooLarge(const RecordState& record) {
    if (record.too_large == kTreeTooLarge)
        return refuse(record, "record_too_large",
                      fmt::format("fewer elements or values in one record, of which a tree is kept for what does not "
                                  "stream: at most {} bytes in memory (four times limits.record_bytes)",
                                  recordTreeBytes(limits_)),
                      "use plain paths (`caseway mapping check` tells which expressions do not stream), let `records` "
                      "select smaller parts of the payload, or raise limits.record_bytes");
    const bool is_found = record.too_large == kFoundTooLarge;
    if (!is_found && !record.too_large.empty() && record.too_large != kTooManyBytes)
        return refuse(record, "record_too_large", std::string(record.too_large),
                      "let `records` select smaller parts of the payload, or the department split the record");
    return refuse(record, "record_too_large",
                  fmt::format("at most {} bytes in {} (limits.record_bytes)", limits_.record_bytes,
                              is_found ? "all that the expressions of one record find" : "one record"),
                  is_found ? "let fewer fields take a large part of the record; or raise limits.record_bytes"
                           : "send large contents as attachments, not in the record; or raise limits.record_bytes");
}

bool RecordBuilder::finish(RecordState& record) {
    if (!record.too_large.empty()) return refuseTooLarge(record);
    const bool is_unreadable = !record.unreadable.empty();
    if (!is_unreadable && record.is_list && record.items.empty() &&
        foundNothing(record, record.kind->fields, record.kind->condition, 0))
        return refuseList(record);
    if (!is_unreadable && record.kind->condition && !holds(record, *record.kind->condition, 0)) {
        ++left_by_;
        return true;
    }
    if (!is_unreadable && record.kind->passes_over) {
        ++left_by_;
        is_passed_over_ = true;
        is_named_ = is_named_ || record.kind->condition.has_value();
        return true;
    }
    ++ordinal_;
    patch_.clear();
    mistakes_.clear();
    buildFields(record);
    if (record.items.size() > 1) record.orderItems();
    buildItems(record);
    requireCaseNumber(record);
    if (is_unreadable) tellUnreadable(record);
    return handOver(record);
}

/// What its connector could read of it stands beside the reason: the number of the case is told, masked.
void RecordBuilder::tellUnreadable(const RecordState& record) {
    const FieldValue* number = patch_.find(caseNumberField());
    mistakes_.clear();
    mistakes_.push_back({"record_unreadable", placeOf(record, nullptr, 0),
                         number != nullptr ? masked(number->text) : std::string(), shortened(record.unreadable),
                         "correct it in the source, or the connector's settings: it is read again once it changed",
                         ordinal_});
}

}  // namespace caseway
