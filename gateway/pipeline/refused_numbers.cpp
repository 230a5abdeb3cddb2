// gateway/pipeline/refused_numbers.cpp - the two fields by which a case is found.
#include "gateway/pipeline/refused_numbers.hpp"

#include "gateway/record/record_fields.hpp"

namespace caseway {

void numbersOf(const CasePatch& mapped, PatchText& text) {
    text.json.clear();
    CasePatch numbers;
    for (const FieldValue& field : mapped.fields) {
        const bool is_number = field.field == recordFields().case_no || field.field == recordFields().source_case_no;
        if (is_number && field.kind == ValueKind::String) numbers.fields.push_back(field);
    }
    if (!numbers.fields.empty()) textOf(numbers, text);
}

}  // namespace caseway
