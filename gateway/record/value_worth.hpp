// gateway/record/value_worth.hpp - what a value says, whatever its notation: the same instant in another offset and the
// same amount with other zeros are no other statement.
#pragma once

#include <string>
#include <string_view>

#include "gateway/domain/case_schema.hpp"

namespace caseway {

/// Whether two texts of a field that are not the same say so all the same.
bool haveSameWorth(FieldId field, std::string_view a, std::string_view b);
/// Of a time its instant, of an amount its shortest text; of any other value the text.
std::string worthOf(FieldId field, std::string_view text);

}  // namespace caseway
