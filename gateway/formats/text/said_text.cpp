// gateway/formats/text/said_text.cpp - character by character.
#include "gateway/formats/text/said_text.hpp"

#include "gateway/formats/text/utf8.hpp"

namespace caseway {
namespace {

constexpr std::string_view kCut = "\u2026";

/// Without its last characters, so that `kCut` fits behind it.
void cut(std::string& text, std::size_t most) {
    if (most < kCut.size()) return text.clear();
    text.resize(utf8Prefix(std::string_view(text).substr(0, most - kCut.size())).valid);
    text += kCut;
}

}  // namespace

bool isUnfitToShow(char32_t c) {
    return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || (c >= 0x200E && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF || c == 0x061C;
}

std::string saidText(std::string_view text, std::size_t most) {
    std::string out;
    while (!text.empty() && out.size() <= most) {
        const std::string_view good = text.substr(0, utf8Prefix(text).valid);
        for (std::size_t at = 0; at < good.size() && out.size() <= most;) {
            const char32_t c = nextCodePoint(good, at);
            if (c < 0x20 || c == 0x7F)
                out += ' ';
            else if (isUnfitToShow(c))
                out += '?';
            else
                appendUtf8(c, out);
        }
        text.remove_prefix(good.size());
        if (text.empty()) break;
        out += '?';
        text.remove_prefix(1);
    }
    if (out.size() > most) cut(out, most);
    return out;
}

}  // namespace caseway
