// gateway/report/html_text.cpp - one character after the other.
#include "gateway/report/html_text.hpp"

#include "gateway/formats/text/said_text.hpp"
#include "gateway/formats/text/utf8.hpp"

namespace caseway {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

void appendCharacter(char32_t c, std::string& out) {
    switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        case '`':
            out += "&#96;";
            break;
        default:
            if (isUnfitToShow(c))
                out += kReplacement;
            else
                appendUtf8(c, out);
    }
}

}  // namespace

std::string escapedHtml(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::string_view good = text.substr(0, utf8Prefix(text).valid);
        for (std::size_t at = 0; at < good.size();) appendCharacter(nextCodePoint(good, at), out);
        text.remove_prefix(good.size());
        if (text.empty()) break;
        out += kReplacement;
        text.remove_prefix(1);
    }
    return out;
}

}  // namespace caseway
