// gateway/base/mask.cpp - masking of values in errors and log lines.
#include "gateway/base/mask.hpp"

namespace caseway {
namespace {

bool isContinuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}
bool isControl(std::string_view c) {
    return c.size() == 1 && (static_cast<unsigned char>(c[0]) < 0x20 || c[0] == 0x7F);
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
    if (!isControl(first)) text += first;
    text += "***";
    if (!isControl(last)) text += last;
    return text + length;
}

}  // namespace caseway
