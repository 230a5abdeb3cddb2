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

void show(std::optional<char32_t> c, std::string& out) {
    if (!c || isUnfitToShow(*c))
        out += '?';
    else
        appendUtf8(*c, out);
}

}  // namespace

bool isUnfitToShow(char32_t c) {
    return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || (c >= 0x200E && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF || c == 0x061C;
}

std::string saidText(std::string_view text, std::size_t most) {
    std::string out;
    eachCharacter(text, [&](std::optional<char32_t> c) {
        if (c && (*c < 0x20 || *c == 0x7F))
            out += ' ';
        else
            show(c, out);
        return out.size() <= most;
    });
    if (out.size() > most) cut(out, most);
    return out;
}

std::string shownText(std::string_view text) {
    std::string out;
    eachCharacter(text, [&out](std::optional<char32_t> c) { return show(c, out), true; });
    return out;
}

std::string shownLine(std::string_view text) {
    std::string out;
    eachCharacter(text, [&out](std::optional<char32_t> c) {
        show(c && *c < 0x20 ? std::nullopt : c, out);
        return true;
    });
    return out;
}

}  // namespace caseway
