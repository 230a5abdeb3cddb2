// gateway/report/payload_fields.hpp - the names of the fields in the beginning of a payload, XML or JSON, whatever the
// mapping reads of them: so that a field that a department adds overnight is seen. Names only, never values.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace caseway {

inline constexpr std::size_t kPayloadBytesLookedAt = 256 * 1024;

/// Adds each field's path to `fields`, at most `most` in all: `/Package/Case/Kind`, `/Package/Case/@id`; in JSON
/// without list positions: `/cases/kind`. A payload that cannot be read gives what stands before its mistake.
/// `is_known`: names that are no stranger's (the mapping has them); others are masked where they may be a person's or a
/// number.
void addPayloadFields(std::string_view payload, const std::function<bool(std::string_view name)>& is_known,
                      std::size_t most, std::set<std::string>& fields);

}  // namespace caseway
