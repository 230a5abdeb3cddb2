// gateway/normalize/check_digits.hpp - identity numbers that check themselves: GB 11643 (people), GB 32100 with GB
// 11714 inside (organisations). Masked values (1101**********002X) are recognised: they cannot be checked and are not
// wrong.
#pragma once

#include <string>
#include <string_view>

namespace caseway {

enum class CheckVerdict { Good, Masked, Wrong };

/// GB 11643: 18 digits, the last may be X, birth date and check digit right; or 15 digits with a possible birth date.
/// A lower-case x is not good: callers fold it first (upperCased).
CheckVerdict checkIdCard(std::string_view text);

/// GB 32100: 18 characters of its alphabet, check character right, and the organisation code inside right by GB 11714.
CheckVerdict checkCreditCode(std::string_view text);

/// GB 11714: eight digits or capital letters and the right check character, before which a hyphen may stand.
CheckVerdict checkOrgCode(std::string_view text);

/// The 18-digit form of a good 15-digit number: 19 put before the year, check digit added.
std::string idCardFromOldForm(std::string_view fifteen_digits);

/// ASCII letters in upper case; true where one changed.
bool upperCase(std::string& text);

}  // namespace caseway
