// gateway/domain/place_text.hpp - where in its payload a refused record stands, as a refusal says it.
#pragma once

#include <string>
#include <string_view>

#include "gateway/domain/case_patch.hpp"

namespace caseway {

/// "apply_time, line 12" or "apply_time, /cases/3"; without `field` the place alone. The field alone where the place is
/// not known: of a record that was read back from the store.
std::string placeText(std::string_view field, const RecordPlace& place);

}  // namespace caseway
