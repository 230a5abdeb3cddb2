// gateway/normalize/shown_value.hpp - how a refusal shows the value that it is about: what may be somebody's name or
// number is masked, whatever column it stands in. Tables: docs/mapping-reference.md, "Refusals of values".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/domain/case_schema.hpp"

namespace caseway {

/// `field`: none for one under extra. `to_owner`: whoever looks has the payload anyway (RecordSink::showsCodes).
std::string shownValue(std::optional<FieldId> field, bool is_unknown_code, std::string_view value, bool to_owner);

/// What a payload writes for the kind of a record, where the mapping has none such.
std::string shownKind(std::string_view value, bool to_owner);

}  // namespace caseway
