// gateway/normalize/full_width.cpp - folding of full-width letters, digits, punctuation and space.
#include "gateway/normalize/full_width.hpp"

#include <string>

namespace caseway {
namespace {

/// The ASCII character of the full-width one at `at`, or 0. U+FF01..FF3F: EF BC 81..BF; U+FF40..FF5E: EF BD 80..9E.
char halfWidthAt(std::string_view text, std::size_t at) {
    if (text.size() - at < 3) return 0;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    if (byte(0) == 0xE3 && byte(1) == 0x80 && byte(2) == 0x80) return ' ';
    if (byte(0) != 0xEF) return 0;
    if (byte(1) == 0xBC && byte(2) >= 0x81 && byte(2) <= 0xBF) return static_cast<char>(byte(2) - 0x81 + 0x21);
    if (byte(1) == 0xBD && byte(2) >= 0x80 && byte(2) <= 0x9E) return static_cast<char>(byte(2) - 0x80 + 0x60);
    return 0;
}

std::size_t firstToFold(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at)
        if (static_cast<unsigned char>(text[at]) >= 0xE3 && halfWidthAt(text, at) != 0) return at;
    return text.size();
}

}  // namespace

std::string_view foldedToHalfWidth(std::string_view text, TextArena& arena) {
    const std::size_t first = firstToFold(text);
    if (first == text.size()) return text;
    std::string folded(text.substr(0, first));
    for (std::size_t at = first; at < text.size();) {
        const char half = halfWidthAt(text, at);
        folded += half != 0 ? half : text[at];
        at += half != 0 ? 3 : 1;
    }
    return arena.keep(folded);
}

}  // namespace caseway
