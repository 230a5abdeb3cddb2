// gateway/pipeline/answer_notes.hpp - notes of an answer, read back from what the store keeps of it: what was seen of a
// payload and no other row keeps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/refusal.hpp"

namespace caseway {

/// Of a pulled payload that was applied in slices: so many records its mapping leaves out on purpose.
inline constexpr std::string_view kRecordsPassedOver = "records_passed_over";

/// The value of the note with this code; nothing where there is none. `answer`: MessageRow::answer.
std::optional<std::string> noteIn(std::string_view answer, std::string_view code);
/// The number that a text begins with; 0 where it begins with none.
std::uint64_t countAtFrontOf(std::string_view text);

void addPassedOverNote(std::uint64_t count, std::vector<Refusal>& notes);
std::uint64_t passedOverIn(std::string_view answer);

}  // namespace caseway
