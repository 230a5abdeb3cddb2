// gateway/normalize/number_with_unit.hpp - a whole number and its unit in one text, as limits are written where a form
// has one box for both: `15个工作日`, `十五天`, `24 小时`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace caseway {

struct NumberWithUnit {
    std::string digits;
    std::string_view unit;  ///< a view into the text, without a counting 个 before it and a 内 behind; may be empty
};

/// Nothing where the text is not one number, in digits or in Chinese numerals up to 九千九百九十九, with at most one
/// word behind it: of a range, a fraction or a sentence nobody can tell which number is meant.
std::optional<NumberWithUnit> readNumberWithUnit(std::string_view text);

}  // namespace caseway
