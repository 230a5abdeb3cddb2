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
    eachCharacter(text, [&out](std::optional<char32_t> c) {
        if (c)
            appendCharacter(*c, out);
        else
            out += kReplacement;
        return true;
    });
    return out;
}

}  // namespace caseway
