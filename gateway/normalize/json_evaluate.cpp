// gateway/normalize/json_evaluate.cpp - the part of the JSON pass that evaluates JSONPath on a record's tree.
#include <algorithm>

#include "gateway/normalize/json_pass.hpp"
#include "gateway/normalize/number_form.hpp"
#include "gateway/normalize/white_space.hpp"

namespace caseway {
namespace {

RawKind kindOf(const JsonValue& value) {
    switch (value.type) {
        case JsonValue::Type::Null:
            return RawKind::Null;
        case JsonValue::Type::False:
        case JsonValue::Type::True:
            return RawKind::Boolean;
        case JsonValue::Type::Number:
            return RawKind::Number;
        case JsonValue::Type::Array:
            return RawKind::Array;
        default:
            return RawKind::Text;
    }
}

void appendValueText(const JsonValue& value, std::string& out) {
    switch (value.type) {
        case JsonValue::Type::False:
            out += "false";
            break;
        case JsonValue::Type::True:
            out += "true";
            break;
        case JsonValue::Type::Number:
        case JsonValue::Type::String:
            out += value.text;
            break;
        case JsonValue::Type::Array:
            appendCanonical(value, out, appendExactNumber);
            break;
        default:
            break;
    }
}

/// A text, number or truth value that says something.
bool isValue(const JsonValue& one) {
    switch (one.type) {
        case JsonValue::Type::False:
        case JsonValue::Type::True:
        case JsonValue::Type::Number:
            return true;
        case JsonValue::Type::String:
            return !trimmed(one.text).empty();
        default:
            return false;
    }
}

/// Of lists their items; an object, and where `takes_value` one value, itself.
std::vector<const JsonValue*> openedOrOne(const std::vector<const JsonValue*>& found, bool takes_value) {
    std::vector<const JsonValue*> items;
    for (const JsonValue* one : found) {
        if (one->type == JsonValue::Type::Object || (takes_value && isValue(*one))) items.push_back(one);
        if (one->type != JsonValue::Type::Array) continue;
        for (std::uint32_t i = 0; i < one->count; ++i) items.push_back(one->items + i);
    }
    return items;
}

bool isNameByte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || c == '_' || c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

/// As a whole name, behind a point or in quotes: a part of another one, or of a number, is none.
bool writesName(std::string_view expression, std::string_view name) {
    for (std::size_t at = expression.find(name); at != expression.npos; at = expression.find(name, at + 1)) {
        const std::string_view behind = expression.substr(at + name.size());
        const char before = at != 0 ? expression[at - 1] : '\0';
        if ((before == '\'' || before == '"') && behind.starts_with(before)) return true;
        if (before == '.' && (behind.empty() || !isNameByte(behind.front()))) return true;
    }
    return false;
}

}  // namespace

/// A name that the mapping does not write is the sender's: it may be anybody's number, and of any length.
bool JsonPass::mappingWrites(std::string_view name) const {
    return key_symbol_ != Symbols::kOtherName ||
           std::any_of(plan_.expressions.begin(), plan_.expressions.end(),
                       [name](const EvaluatedExpression& one) { return writesName(one.text, name); });
}

bool JsonPass::select(int expression, const JsonValue& node, std::vector<const JsonValue*>& nodes) {
    nodes.clear();
    if (failed_ != kNone) return false;
    const EvaluatedExpression& one = plan_.expressions[static_cast<std::size_t>(expression)];
    const bool same_everywhere = one.on_document && whole_ != nullptr;
    if (const auto known = remembered_.find(expression); same_everywhere && known != remembered_.end()) {
        nodes = known->second;
        budget_.spendOnText(nodes.size());
        return true;
    }
    const JsonValue& root = whole_ != nullptr ? *whole_ : node;  // without the document no filter asks for it
    if (!one.json->evaluateWithin(root, same_everywhere ? root : node, nodes, budget_.left())) {
        failed_ = expression;
        return false;
    }
    if (same_everywhere) remembered_.emplace(expression, nodes);
    return true;
}

Result<Done> JsonPass::runWhole() {
    for (std::size_t kind = plan_.kinds.size(); kind-- > 0;) {
        if (plan_.kinds[kind].records == kNone) continue;
        if (!select(plan_.kinds[kind].records, *whole_, nodes_)) {
            return Refusal{"records_not_found",
                           "records",
                           {},
                           "an expression that can be evaluated on the payload",
                           "simplify it (`caseway mapping check` tells what is costly), or send a smaller payload"};
        }
        for (const JsonValue* node : nodes_) {
            auto& kinds = found_[node];
            if (kinds.empty() || kinds.back() != kind) kinds.push_back(static_cast<std::uint16_t>(kind));
        }
    }
    if (!found_.empty()) ++watchers_;
    walk(*whole_);
    return Done{};
}

void JsonPass::evaluate(RecordState& record, const JsonValue& node) {
    if (record.kind->condition) evaluateOne(record, record.kind->condition->source, false, 0, node);
    evaluateFields(record, record.kind->fields, 0, node);
    for (std::size_t list = 0; list < record.kind->lists.size(); ++list) {
        if (record.kind->lists[list].each != kNone) evaluateList(record, static_cast<std::uint16_t>(list), node);
    }
}

void JsonPass::evaluateFields(RecordState& record, const std::vector<FieldPlan>& fields, std::uint32_t first_slot,
                              const JsonValue& node) {
    for (const FieldPlan& field : fields) {
        if (field.condition) evaluateOne(record, field.condition->source, false, first_slot, node);
        evaluateOne(record, field.source, field.takes_all, first_slot, node);
    }
}

void JsonPass::evaluateOne(RecordState& record, const Source& source, bool takes_all, std::uint32_t first_slot,
                           const JsonValue& node) {
    if (source.expression == kNone || !select(source.expression, node, nodes_)) return;
    for (const JsonValue* found : nodes_) {
        Slot slot;
        slot.kind = kindOf(*found);
        slot.aside = true;
        slot.object = found->type == JsonValue::Type::Object && found->count != 0;
        slot.begin = static_cast<std::uint32_t>(record.aside.size());
        value_.clear();
        appendValueText(*found, value_);
        record.aside.append(value_);
        slot.end = static_cast<std::uint32_t>(record.aside.size());
        putValue(record, first_slot + source.slot, slot, takes_all);
        budget_.spendOnText(value_.size());
        if (budget_.isSpent()) failed_ = source.expression;
        if (record.aside.size() > limits_.record_bytes) record.too_large = kFoundTooLarge;
        if (!takes_all || !record.too_large.empty() || failed_ != kNone) break;
    }
}

void JsonPass::evaluateList(RecordState& record, std::uint16_t list, const JsonValue& node) {
    const ListPlan& plan = record.kind->lists[list];
    std::vector<const JsonValue*> items;
    if (!select(plan.each, node, items)) return;
    if (plan.or_one) items = openedOrOne(items, plan.takes_value);
    for (const JsonValue* item : items) {
        if (!record.too_large.empty() || failed_ != kNone) return;
        const std::uint32_t first = record.addItem(list);
        if (first == kNoSlot) return;
        record.items.back().is_list = item->type == JsonValue::Type::Array && item->count != 0;
        if (plan.opens_list && isValue(*item)) {
            value_.clear();
            appendValueText(*item, value_);
            record.noteItemValue(kindOf(*item), value_);
        }
        if (plan.condition) evaluateOne(record, plan.condition->source, false, first, *item);
        evaluateFields(record, plan.fields, first, *item);
    }
}

}  // namespace caseway
