// gateway/record/record_fields.hpp - the few fields of the record that mean something to merging itself.
#pragma once

#include <string>

#include "gateway/base/check.hpp"
#include "gateway/domain/case_schema.hpp"
#include "gateway/domain/dotted_name.hpp"

namespace caseway {

struct RecordFields {
    FieldId case_no, source_system, source_case_no, data_version, operation, dept_code, status;
};

/// Looked up once.
inline const RecordFields& recordFields() {
    static const RecordFields fields = [] {
        const auto named = [](std::string_view name) {
            const auto field = fieldNamed(Section::Case, name);
            CASEWAY_CHECK(field.has_value());
            return *field;
        };
        return RecordFields{named("case_no"),   named("source_system"), named("source_case_no"), named("data_version"),
                            named("operation"), named("dept_code"),     named("status")};
    }();
    return fields;
}

}  // namespace caseway
