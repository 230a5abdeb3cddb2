// gateway/base/mask.cpp - masking of values in errors and log lines.
#include "gateway/base/mask.hpp"

#include "gateway/base/mask_numbers.hpp"

namespace caseway {
namespace {

bool isContinuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}
bool isControl(std::string_view c) {
    return c.size() == 1 && (static_cast<unsigned char>(c[0]) < 0x20 || c[0] == 0x7F);
}
/// Of zero width, or turning the direction of what stands behind it in the line.
bool isUnseen(std::string_view c) {
    const auto isBetween = [c](std::string_view first, std::string_view last) {
        return c.size() == first.size() && c >= first && c <= last;
    };
    return isControl(c) || isBetween("\xC2\x80", "\xC2\x9F") || c == "\xC2\xAD" || c == "\xD8\x9C" ||
           isBetween("\xE2\x80\x8B", "\xE2\x80\x8F") || isBetween("\xE2\x80\xA8", "\xE2\x80\xAE") ||
           isBetween("\xE2\x81\xA0", "\xE2\x81\xAF") || c == "\xEF\xBB\xBF";
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isOfWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_' || c == '-' || c == '.' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool maybePersonal(std::string_view word, int digits_of_number) {
    int digits = 0;
    for (const char c : word) {
        digits = isDigit(c) ? digits + 1 : 0;
        if (digits == digits_of_number || static_cast<unsigned char>(c) >= 0x80) return true;
    }
    return false;
}

std::string withWordsMasked(std::string_view text, int digits_of_number) {
    std::string shown;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && isOfWord(text[end])) ++end;
        const std::string_view word = text.substr(at, end - at);
        if (maybePersonal(word, digits_of_number))
            shown += masked(word);
        else
            shown += word;
        at = end;
        if (at < text.size()) shown += text[at++];
    }
    return shown;
}

}  // namespace

std::string masked(std::string_view value) {
    std::size_t characters = 0;
    for (const char c : value) characters += isContinuation(c) ? 0 : 1;
    const std::string length = " (" + std::to_string(characters) + ")";
    if (characters < 4) return "***" + length;
    std::size_t first_end = 1;
    while (first_end < value.size() && isContinuation(value[first_end])) ++first_end;
    std::size_t last_begin = value.size() - 1;
    while (last_begin > first_end && isContinuation(value[last_begin])) --last_begin;
    const std::string_view first = value.substr(0, first_end);
    const std::string_view last = value.substr(last_begin);
    std::string text;
    if (!isUnseen(first)) text += first;
    text += "***";
    if (!isUnseen(last)) text += last;
    return text + length;
}

std::string withNamesMasked(std::string_view text) {
    return withWordsMasked(text, 6);
}

std::string withNumbersMasked(std::string_view text) {
    return withWordsMasked(text, 11);
}

}  // namespace caseway
