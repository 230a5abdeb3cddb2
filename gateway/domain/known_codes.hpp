// gateway/domain/known_codes.hpp - every code that a refusal, an answer or a finding can bear, with its meaning and
// what to do: the rows of docs/errors.md without their marks of code; that page is a part of the program.
#pragma once

#include <span>
#include <string_view>

namespace caseway {

struct KnownCode {
    std::string_view code;
    std::string_view http;     ///< "422", "400, 501"; "–" where no answer has it as its status
    std::string_view meaning;  ///< English
    std::string_view advice;   ///< Chinese: what to do; may be empty
};

/// In the order of the page.
std::span<const KnownCode> knownCodes();
/// nullptr: no code of ours.
const KnownCode* knownCode(std::string_view code);

}  // namespace caseway
