// gateway/normalize/value_rule.cpp - the order of what happens to a value: trim, fold, fillers, code table, type; then
// what nothing means: default, required, cleared, absent.
#include "gateway/normalize/value_rule.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "gateway/formats/json/document.hpp"
#include "gateway/normalize/code_table.hpp"
#include "gateway/normalize/full_width.hpp"
#include "gateway/normalize/number_form.hpp"
#include "gateway/normalize/number_with_unit.hpp"
#include "gateway/normalize/typed_reader.hpp"
#include "gateway/normalize/white_space.hpp"

namespace caseway {
namespace {

constexpr std::size_t kKeptExtraBytes = 4096;  // of a text under extra; a longer one is looked at more closely

constexpr std::string_view kIsNotSent = "the department must send it, or the mapping give a default";
constexpr std::string_view kMeansNothing =
    "what stands there means nothing (it is empty, or one of `empty` and `no_date`): the department must send a value, "
    "or the mapping give a default";

bool isFolded(const FieldSpec& field) {
    return field.value.fold.value_or(isCodeLike(field));
}

/// The mapping's own words as values are when they are looked up: a department's `（通过）` is `(通过)` by then.
FieldSpec withFoldedWords(FieldSpec field, const std::string& file, std::vector<MappingMistake>& mistakes) {
    TextArena arena;
    const auto fold = [&arena](std::string& word) { word = std::string(foldedToHalfWidth(word, arena)); };
    ValueSpec& spec = field.value;
    std::for_each(spec.empty_values.begin(), spec.empty_values.end(), fold);
    std::for_each(spec.no_date.begin(), spec.no_date.end(), fold);
    for (DateForm& form : spec.time) fold(form.pattern);
    std::map<std::string, std::string> meanings;
    for (auto& [code, meaning] : spec.codes) {
        const std::string written = code;
        fold(code);
        const auto [known, is_new] = meanings.emplace(code, meaning);
        if (is_new || known->second == meaning) continue;
        mistakes.push_back({file, field.place.lineOf("codes"), placeOf(field) + ".codes",
                            "'" + written + "' is '" + code +
                                "' once full-width characters are folded, and that has "
                                "another meaning",
                            "keep one of the two, or say fold: false"});
    }
    return field;
}

std::string_view inArena(std::string_view written, std::string_view text, TextArena& arena) {
    return text.data() == written.data() ? written : arena.keep(text);
}

}  // namespace

struct ValueRule::Plan {
    Plan(const FieldSpec& field, const std::string& file, std::vector<MappingMistake>& mistakes)
        : reader(field, file, mistakes) {}

    TypedReader reader;
    CodeTable codes;
    std::string code_rule, code_hint;
    std::vector<std::string> fillers;
    bool trim = true, fold = false, ascii = false, required = false, empty_clears = false, keeps_kind = false;
    bool takes_numbers = false;  ///< what a number is worth counts, not how it is written
    bool targets_stand = false;  ///< what the code table gives is a value as it is
    bool is_apart = false;       ///< applyApart() knows what is special about it
    TextPart part = TextPart::Whole;
    std::unique_ptr<ValueRule>
        other{};  ///< who takes what does not fit or, `is_unfit_place`, the field that it did not fit
    bool is_unfit_place = false;
    std::optional<ValueOutcome> constant, fallback;
    TextArena kept;  ///< of constant and fallback

    std::string_view plain(std::string_view number, TextArena& arena) const;
    ValueOutcome nothing(bool emptied) const;
    [[gnu::always_inline]] ValueOutcome scalar(std::string_view text, bool clean, TextArena& arena) const;
    [[gnu::noinline]] ValueOutcome unknownCode(std::string_view code) const {
        return {ValueStatus::Refused, ValueKind::String, code, "code_unknown", code_rule, code_hint};
    }
    ValueOutcome read(RawKind kind, std::string_view raw, TextArena& arena) const;
    [[gnu::always_inline]] ValueOutcome readText(std::string_view raw, TextArena& arena) const;
    ValueOutcome readPart(RawKind kind, std::string_view raw, TextArena& arena) const;
    std::string_view partOf(std::string_view text, TextArena& arena) const;
    ValueOutcome array(std::string_view json, TextArena& arena) const;
    std::optional<ValueOutcome> preset(const std::optional<std::string>& text, const char* key, const FieldSpec& field,
                                       const std::string& file, std::vector<MappingMistake>& mistakes);
    void checkSpec(const FieldSpec& field, const std::string& file, std::vector<MappingMistake>& mistakes) const;
};

/// A constant or default, read once as a value of the field.
std::optional<ValueOutcome> ValueRule::Plan::preset(const std::optional<std::string>& text, const char* key,
                                                    const FieldSpec& field, const std::string& file,
                                                    std::vector<MappingMistake>& mistakes) {
    if (!text) return std::nullopt;
    ValueOutcome outcome = text->empty() ? ValueOutcome{} : reader.read(kept.keep(*text), kept);
    if (outcome.status == ValueStatus::Value) return outcome;
    const std::string rule = text->empty() ? "an empty text says nothing" : std::string(outcome.rule);
    mistakes.push_back({file, field.place.lineOf(key), placeOf(field) + "." + key,
                        "'" + *text + "' does not fit: " + rule,
                        text->empty() ? std::string("leave it out") : std::string(outcome.hint)});
    return std::nullopt;
}

void ValueRule::Plan::checkSpec(const FieldSpec& field, const std::string& file,
                                std::vector<MappingMistake>& mistakes) const {
    const ValueSpec& spec = field.value;
    const auto mistake = [&](const char* key, const std::string& rule, const char* hint) {
        mistakes.push_back({file, field.place.lineOf(key), placeOf(field) + "." + key, rule, hint});
    };
    if (spec.empty_clears && spec.fallback)
        mistake("empty_clears", "a default leaves nothing to clear", "keep one of the two");
    if (spec.empty_clears && spec.required)
        mistake("empty_clears", "a required field cannot be cleared", "keep one of the two");
    if (spec.other_codes && spec.codes.empty()) mistake("other", "there is no code table", "add codes");
    const bool time = reader.type() == FieldType::DateTime || reader.type() == FieldType::Date;
    if (time && !spec.codes.empty())
        mistake("codes", "times have no code table", "use no_date for texts that mean no date");
    if (time) return;
    const auto check = [&](const std::string& target) {
        TextArena scratch;
        if (target.empty()) return;
        const ValueOutcome outcome = reader.read(target, scratch);
        if (outcome.status == ValueStatus::Refused)
            mistake("codes", "'" + target + "' does not fit: " + std::string(outcome.rule),
                    "choose a value of the record's own");
    };
    for (const auto& [code, target] : spec.codes) check(target);
    if (spec.other_codes) check(*spec.other_codes);
}

/// A text of the record takes a whole number in digits: tables are exported with 123.0, and `123.0` and `123` would be
/// two cases. One under extra keeps its number as written; an amount keeps the scale that it was written with:
/// `150.00`. Where there is a code table, `1.0` is its code `1`, whatever the field.
std::string_view ValueRule::Plan::plain(std::string_view number, TextArena& arena) const {
    if (number != "-0" && number.find_first_of(".eE") == std::string_view::npos) return number;
    std::string digits;
    if (codes.empty()) {
        if (!takes_numbers && (reader.type() != FieldType::Text || !trim)) return number;
        if (!takes_numbers) return inArena(number, wholeNumber(number, digits), arena);
        if (reader.type() == FieldType::Money && number.find_first_of("eE") == std::string_view::npos) return number;
    } else if (codes.knows(number)) {
        return number;
    }
    return inArena(number, plainNumber(number, digits), arena);
}

ValueOutcome ValueRule::Plan::nothing(bool emptied) const {
    if (fallback) return *fallback;
    if (required)
        return {ValueStatus::Refused, ValueKind::String,     {},
                "required_missing",   "a value is required", emptied ? kMeansNothing : kIsNotSent};
    if (emptied && empty_clears) return {ValueStatus::Cleared, ValueKind::Cleared, {}};
    return {};
}

/// `clean`: without control characters.
ValueOutcome ValueRule::Plan::scalar(std::string_view text, bool clean, TextArena& arena) const {
    if (!fillers.empty() && std::find(fillers.begin(), fillers.end(), text) != fillers.end()) return nothing(true);
    if (text.empty()) return nothing(true);
    if (!codes.empty()) {
        const std::string* target = codes.find(text);
        if (target == nullptr) return unknownCode(text);
        if (target->empty()) return nothing(true);
        text = *target;
        if (targets_stand) return {ValueStatus::Value, ValueKind::String, text};
        clean = false;
    }
    ValueOutcome outcome = clean ? reader.readClean(text, arena) : reader.read(text, arena);
    if (outcome.status == ValueStatus::Absent) outcome = nothing(true);
    return outcome;
}

/// A text that is no number with a unit is its own number, which its type refuses, and has no unit.
std::string_view ValueRule::Plan::partOf(std::string_view text, TextArena& arena) const {
    const auto found = readNumberWithUnit(text);
    if (part == TextPart::Number) return found ? arena.keep(found->digits) : text;
    return found ? found->unit : std::string_view();
}

/// Each text of a list of texts is read as one that stands alone; those that say nothing are left out.
ValueOutcome ValueRule::Plan::array(std::string_view json, TextArena& arena) const {
    JsonTree tree;
    const auto root = parseJson(json, {}, tree);
    const auto is_text = [](const JsonValue& one) { return one.type == JsonValue::Type::String; };
    const bool are_texts = reader.type() == FieldType::TextList && root.ok() &&
                           std::all_of((*root)->items, (*root)->items + (*root)->count, is_text);
    if (!are_texts) return reader.readArray(json, arena);
    std::string texts = "[";
    for (std::uint32_t i = 0; i < (*root)->count; ++i) {
        std::string_view text = (*root)->items[i].text;
        if (trim) text = trimmed(text);
        if (fold) text = foldedToHalfWidth(text, arena);
        if (text.empty() || std::find(fillers.begin(), fillers.end(), text) != fillers.end()) continue;
        const ValueOutcome read = reader.read(text, arena);
        if (read.status == ValueStatus::Refused) return read;
        if (read.status != ValueStatus::Value) continue;
        if (texts.size() > 1) texts += ',';
        texts += read.text.substr(1, read.text.size() - 2);
    }
    if (texts.size() == 1) return {};
    return reader.readArray(arena.keep(texts += ']'), arena);
}

ValueRule ValueRule::compile(const FieldSpec& written, const std::string& file, std::vector<MappingMistake>& mistakes) {
    const FieldSpec field = isFolded(written) ? withFoldedWords(written, file, mistakes) : written;
    const ValueSpec& spec = field.value;
    const std::size_t before = mistakes.size();
    auto plan = std::make_unique<Plan>(field, file, mistakes);
    if (mistakes.size() == before) {
        plan->checkSpec(field, file, mistakes);
        plan->constant = plan->preset(field.constant, "value", field, file, mistakes);
        plan->fallback = plan->preset(spec.fallback, "default", field, file, mistakes);
    }
    plan->codes = CodeTable(spec.codes, spec.other_codes ? &*spec.other_codes : nullptr);
    plan->code_rule =
        "a code of the mapping's table " + (spec.codes_name.empty() ? placeOf(field) + ".codes" : spec.codes_name);
    plan->code_hint = plan->codes.describe() + "; add it to `codes`, or say what `other` codes mean";
    plan->part = spec.part;
    plan->fillers = spec.empty_values;
    plan->trim = spec.trim;
    plan->fold = isFolded(field);
    plan->ascii = plan->fold || isCodeLike(field);
    plan->required = spec.required;
    plan->empty_clears = spec.empty_clears;
    plan->keeps_kind = plan->reader.type() == FieldType::Any && spec.codes.empty() && spec.check == CheckDigit::None;
    const FieldType type = plan->reader.type();
    const bool textual = (type == FieldType::Text || type == FieldType::Any) && spec.check == CheckDigit::None;
    plan->takes_numbers = type != FieldType::Text && type != FieldType::Any && type != FieldType::TextList;
    plan->targets_stand = type == FieldType::Code || textual;
    if (written.unfit_of || written.unfit_place) {
        FieldSpec other = written.unfit_of ? *written.unfit_of : *written.unfit_place;
        other.value.split.clear();  // a part that fits is not all that there is
        plan->other = std::make_unique<ValueRule>(compile(other, file, mistakes));
    }
    plan->is_unfit_place = written.unfit_of != nullptr;
    plan->is_apart = plan->constant || plan->other || plan->part != TextPart::Whole;
    ValueRule rule(std::move(plan));
    rule.ascii_ = rule.plan_->ascii;
    rule.missing_is_absent_ = !rule.plan_->constant && !rule.plan_->fallback && !spec.required;
    if (textual && spec.codes.empty() && spec.part == TextPart::Whole && !rule.plan_->constant && !written.unfit_of)
        rule.keepTexts(spec, field.field ? infoOf(*field.field).max_length : kKeptExtraBytes);
    return rule;
}

/// A text that is longer than every filler is none.
void ValueRule::keepTexts(const ValueSpec& spec, std::size_t most_bytes) {
    for (const std::string& filler : spec.empty_values) kept_least_ = std::max(kept_least_, filler.size() + 1);
    kept_span_ = most_bytes < kept_least_ ? 0 : most_bytes - kept_least_ + 1;
}

inline ValueOutcome ValueRule::Plan::readText(std::string_view raw, TextArena& arena) const {
    const bool clean = !raw.empty() && isPlain(raw, ascii);
    if (!clean && trim) raw = trimmed(raw);
    if (!clean && fold) raw = foldedToHalfWidth(raw, arena);
    return scalar(raw, clean, arena);
}

ValueOutcome ValueRule::Plan::readPart(RawKind kind, std::string_view raw, TextArena& arena) const {
    if (kind != RawKind::Text && kind != RawKind::Number) return read(kind, raw, arena);
    if (kind == RawKind::Number) raw = plain(raw, arena);
    if (trim) raw = trimmed(raw);
    if (fold) raw = foldedToHalfWidth(raw, arena);
    return readText(partOf(raw, arena), arena);
}

ValueOutcome ValueRule::Plan::read(RawKind kind, std::string_view raw, TextArena& arena) const {
    switch (kind) {
        case RawKind::Missing:
        case RawKind::Null:
            return nothing(false);
        case RawKind::Array: {
            const ValueOutcome outcome = raw == "[]" ? ValueOutcome{} : array(raw, arena);
            return outcome.status == ValueStatus::Absent ? nothing(true) : outcome;
        }
        case RawKind::Number:
            if (keeps_kind) return reader.readExtraNumber(raw, arena);
            raw = plain(raw, arena);
            break;
        case RawKind::Boolean:
            if (keeps_kind) return {ValueStatus::Value, ValueKind::Boolean, raw};
            break;
        case RawKind::Text:
            break;
    }
    return readText(raw, arena);
}

ValueOutcome ValueRule::apply(RawKind kind, std::string_view raw, TextArena& arena) const {
    return plan_->is_apart ? applyApart(kind, raw, arena) : plan_->read(kind, raw, arena);
}

ValueOutcome ValueRule::judged(RawKind kind, std::string_view raw, TextArena& arena) const {
    return plan_->is_unfit_place ? plan_->other->apply(kind, raw, arena) : ValueOutcome{};
}

ValueOutcome ValueRule::applyText(std::string_view raw, TextArena& arena) const {
    return plan_->is_apart ? applyApart(RawKind::Text, raw, arena) : plan_->readText(raw, arena);
}

/// Of a value that does not fit its field, where another one takes it, the field says nothing and the other one all;
/// where that does not take it either, the field refuses it for its own reason.
ValueOutcome ValueRule::applyApart(RawKind kind, std::string_view raw, TextArena& arena) const {
    const Plan& plan = *plan_;
    if (plan.constant) return *plan.constant;
    if (plan.is_unfit_place && plan.other->apply(kind, raw, arena).status != ValueStatus::Refused) return {};
    const ValueOutcome outcome =
        plan.part == TextPart::Whole ? plan.read(kind, raw, arena) : plan.readPart(kind, raw, arena);
    if (plan.is_unfit_place) return outcome.status == ValueStatus::Refused ? ValueOutcome{} : outcome;
    const bool must_fit = plan.other == nullptr || plan.required;
    if (must_fit || outcome.status != ValueStatus::Refused) return outcome;
    return plan.other->apply(kind, raw, arena).status == ValueStatus::Value ? plan.nothing(false) : outcome;
}

std::string_view ValueRule::nearestCode(std::string_view code) const {
    return plan_->codes.nearest(code);
}

std::size_t ValueRule::codeCount() const {
    return plan_->codes.count();
}

ValueRule::ValueRule(std::unique_ptr<Plan> plan) : plan_(std::move(plan)) {}
ValueRule::ValueRule(ValueRule&&) noexcept = default;
ValueRule& ValueRule::operator=(ValueRule&&) noexcept = default;
ValueRule::~ValueRule() = default;

}  // namespace caseway
