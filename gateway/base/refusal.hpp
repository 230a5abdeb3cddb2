// gateway/base/refusal.hpp - the recorded reason why a message, or one record in it, was not taken. A value, never
// thrown. The codes, with what to do about each: docs/errors.md. Answer form: docs/formats/answers.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caseway {

/// `code`: stable, snake_case, listed in docs/errors.md. `where`: field, header, line ("line 12") or JSON pointer.
/// `value`: already masked (mask.hpp), never raw personal data. `rule`: what was expected. `hint`: the next step.
struct Refusal {
    std::string code;
    std::string where;
    std::string value;
    std::string rule;
    std::string hint;
    std::optional<std::uint64_t>
        record{};  ///< 1-based ordinal of the record in its payload; none for the whole message

    bool operator==(const Refusal&) const = default;
};

}  // namespace caseway
