// gateway/formats/text/near_word.hpp - "did you mean …": the known word nearest to a mistyped one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace caseway {

/// The word of `known` that a typing mistake away is `word`: few edits, or its last part after a dot. Empty where none
/// is near.
std::string_view nearestWord(std::string_view word, const std::vector<std::string_view>& known);

/// "did you mean 'x'?", or `otherwise`.
std::string hintOfNearest(std::string_view word, const std::vector<std::string_view>& known,
                          std::string_view otherwise);

}  // namespace caseway
