// tests/fuzz/value_rule_fuzz.cpp - any text as the value of any field: what is taken must be what the schema takes.
// First byte: field; second: options; third: how the source wrote it; the rest: the text.
#include <cstdint>
#include <string>

#include "gateway/base/check.hpp"
#include "gateway/normalize/value_rule.hpp"

using namespace caseway;

namespace {

FieldSpec specOf(std::uint8_t field, std::uint8_t options) {
    FieldSpec spec;
    spec.expression = "x";
    const auto fields = caseFields();
    if (field < fields.size())
        spec.field = static_cast<FieldId>(field);
    else
        spec.extra_name = "a";
    const FieldType type = spec.field ? infoOf(*spec.field).type : FieldType::Any;
    if (type == FieldType::DateTime && (options & 1) != 0)
        spec.value.time = {{DateForm::Kind::EpochMilliseconds, {}},
                           {DateForm::Kind::Pattern, "%Y/%m/%d %H:%M:%S.%f%z"}};
    if (type == FieldType::DateTime) spec.value.no_date = {"1970-01-01", "9999"};
    if (type == FieldType::Text && (options & 2) != 0) spec.value.check = CheckDigit::IdCardOrCreditCode;
    if (spec.value.check != CheckDigit::None) spec.value.convert_old_id = (options & 4) != 0;
    if (type == FieldType::TextList) spec.value.split = "；,";
    spec.value.empty_clears = (options & 8) != 0;
    return spec;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3) return 0;
    const FieldSpec spec = specOf(data[0], data[1]);
    std::vector<MappingMistake> mistakes;
    const ValueRule rule = ValueRule::compile(spec, "mapping.yaml", mistakes);
    CASEWAY_CHECK(mistakes.empty());
    constexpr RawKind kKinds[] = {RawKind::Text, RawKind::Null, RawKind::Text, RawKind::Number};
    TextArena arena;
    const std::string text(reinterpret_cast<const char*>(data + 3), size - 3);
    const ValueOutcome outcome = rule.apply(kKinds[data[2] & 3], text, arena);
    if (outcome.status == ValueStatus::Value && spec.field)
        CASEWAY_CHECK(ruleBrokenBy(*spec.field, outcome.text).empty());
    if (outcome.status == ValueStatus::Refused) CASEWAY_CHECK(!outcome.code.empty() && !outcome.rule.empty());
    return 0;
}
