// tests/unit/values/value_cases.hpp - a small language for tests of values: a field, what a department writes, what the
// record takes.
#pragma once

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/normalize/value_rule.hpp"

namespace caseway::cases {

inline FieldSpec spec(std::string_view name, ValueSpec value = {}) {
    FieldSpec field;
    field.expression = "x";
    field.value = std::move(value);
    if (name.starts_with("extra."))
        field.extra_name = name.substr(6);
    else
        field.field = *fieldNamed(name);
    return field;
}

inline ValueRule ruleOf(const FieldSpec& field) {
    std::vector<MappingMistake> mistakes;
    ValueRule rule = ValueRule::compile(field, "mapping.yaml", mistakes);
    for (const auto& mistake : mistakes) BOOST_ERROR(mistake.where << ": " << mistake.rule);
    return rule;
}

/// "value", "number 5", "cleared", "absent" or "refused: code".
inline std::string shown(const ValueOutcome& outcome) {
    switch (outcome.status) {
        case ValueStatus::Absent:
            return "absent";
        case ValueStatus::Cleared:
            return "cleared";
        case ValueStatus::Refused:
            BOOST_TEST(!outcome.rule.empty());
            return "refused: " + std::string(outcome.code);
        case ValueStatus::Value:
            break;
    }
    const char* kinds[] = {"", "number ", "boolean ", "array ", "cleared "};
    return kinds[static_cast<int>(outcome.kind)] + std::string(outcome.text);
}

inline std::string applied(const FieldSpec& field, std::string_view raw, RawKind kind = RawKind::Text) {
    const ValueRule rule = ruleOf(field);
    TextArena arena;
    return shown(rule.apply(kind, raw, arena));
}

}  // namespace caseway::cases
