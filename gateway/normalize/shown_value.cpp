// gateway/normalize/shown_value.cpp - by what a text is made of: where it stands tells nothing, as columns get mixed up.
#include "gateway/normalize/shown_value.hpp"

#include <algorithm>

#include "gateway/base/mask.hpp"

namespace caseway {
namespace {

constexpr std::size_t kMostBytes = 10, kMostDigits = 5;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isOfCodeOrNumber(FieldId field) {
    switch (infoOf(field).type) {
        case FieldType::Code:
        case FieldType::Digits:
        case FieldType::DateTime:
        case FieldType::Date:
        case FieldType::Money:
        case FieldType::Integer:
        case FieldType::Boolean:
            return !infoOf(field).personal;
        default:
            return false;
    }
}

/// A few digits and signs: no name, which has letters side by side, and no number of a person, which has more digits.
bool isNobodys(std::string_view value, std::size_t most_digits) {
    if (value.size() > kMostBytes) return false;
    std::size_t digits = 0, letters = 0;
    bool after_letter = false;
    for (const char c : value) {
        const bool is_letter = isLetter(c);
        if (c < ' ' || c >= 0x7F || (is_letter && after_letter)) return false;
        digits += isDigit(c) ? 1 : 0;
        letters += is_letter ? 1 : 0;
        after_letter = is_letter;
    }
    return digits <= (letters == 0 ? most_digits : std::min(most_digits, kMostDigits));
}

/// A short word of letters, digits or Han characters, as codes are; with six digits in a row it may be a number of
/// somebody.
bool looksLikeCode(std::string_view value) {
    constexpr std::size_t kMostCharacters = 20, kHanBytes = 3;
    std::size_t characters = 0, digits = 0;
    for (std::size_t at = 0; at < value.size(); ++characters) {
        const char c = value[at];
        const auto byte = static_cast<unsigned char>(c);
        digits = isDigit(c) ? digits + 1 : 0;
        if (digits == 6 || characters == kMostCharacters) return false;
        if (isDigit(c) || isLetter(c)) {
            ++at;
            continue;
        }
        if (byte < 0xE4 || byte > 0xE9 || value.size() - at < kHanBytes) return false;  // U+4000 to U+9FFF
        at += kHanBytes;
    }
    return characters != 0;
}

}  // namespace

std::string shownValue(std::optional<FieldId> field, bool is_unknown_code, std::string_view value, bool to_owner) {
    const bool is_personal = !field || infoOf(*field).personal;
    if (to_owner && is_unknown_code && !is_personal && looksLikeCode(value)) return std::string(value);
    const bool is_clear = field && isOfCodeOrNumber(*field) && isNobodys(value, to_owner ? kMostBytes : kMostDigits);
    return is_clear ? std::string(value) : masked(value);
}

std::string shownKind(std::string_view value, bool to_owner) {
    const bool is_clear = isNobodys(value, kMostDigits) || (to_owner && looksLikeCode(value));
    return is_clear ? std::string(value) : masked(value);
}

}  // namespace caseway
