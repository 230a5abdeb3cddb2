// connectors/sql/odbc_text.cpp - texts between UTF-8 and the UTF-16 of ODBC's W functions.
#include "connectors/sql/odbc_handles.hpp"
#include "gateway/formats/text/utf8.hpp"

namespace caseway {

std::vector<SQLWCHAR> toUtf16(std::string_view utf8) {
    std::vector<SQLWCHAR> units;
    for (std::size_t at = 0; at < utf8.size();) {
        const char32_t c = nextCodePoint(utf8, at);
        if (c >= 0x10000) {
            units.push_back(static_cast<SQLWCHAR>(0xD800 + ((c - 0x10000) >> 10)));
            units.push_back(static_cast<SQLWCHAR>(0xDC00 + ((c - 0x10000) & 0x3FF)));
        } else {
            units.push_back(static_cast<SQLWCHAR>(c));
        }
    }
    return units;
}

bool appendUtf16(const SQLWCHAR* text, std::size_t units, std::string& utf8) {
    for (std::size_t i = 0; i < units; ++i) {
        char32_t c = text[i];
        if (c >= 0xD800 && c <= 0xDFFF) {
            if (c >= 0xDC00 || i + 1 == units || text[i + 1] < 0xDC00 || text[i + 1] > 0xDFFF) return false;
            c = 0x10000 + ((c - 0xD800) << 10) + (text[++i] - 0xDC00u);
        }
        appendUtf8(c, utf8);
    }
    return true;
}

}  // namespace caseway
