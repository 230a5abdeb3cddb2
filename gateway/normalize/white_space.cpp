// gateway/normalize/white_space.cpp - trimming.
#include "gateway/normalize/white_space.hpp"

#include <array>

namespace caseway {
namespace {

constexpr std::array<std::string_view, 4> kWideSpaces = {"\u3000", "\u00A0", "\u200B", "\uFEFF"};

constexpr bool isAsciiSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Bytes of the white space that `text` begins (or ends) with; 0 where none.
std::size_t spaceAtBegin(std::string_view text) {
    if (isAsciiSpace(text.front())) return 1;
    if (static_cast<unsigned char>(text.front()) < 0x80) return 0;
    for (const auto space : kWideSpaces)
        if (text.starts_with(space)) return space.size();
    return 0;
}

std::size_t spaceAtEnd(std::string_view text) {
    if (isAsciiSpace(text.back())) return 1;
    if (static_cast<unsigned char>(text.back()) < 0x80) return 0;
    for (const auto space : kWideSpaces)
        if (text.ends_with(space)) return space.size();
    return 0;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    while (!text.empty()) {
        const std::size_t bytes = spaceAtBegin(text);
        if (bytes == 0) break;
        text.remove_prefix(bytes);
    }
    while (!text.empty()) {
        const std::size_t bytes = spaceAtEnd(text);
        if (bytes == 0) break;
        text.remove_suffix(bytes);
    }
    return text;
}

}  // namespace caseway
