// connectors/sdk/exchange_folder/name_pattern.cpp - goes back to the last star only, which is enough.
#include "connectors/sdk/exchange_folder/name_pattern.hpp"

#include <fmt/format.h>

#include "connectors/sdk/exchange_folder/file_side.hpp"
#include "gateway/formats/text/encoding.hpp"

namespace caseway {

bool isEntryName(std::string_view name) {
    return !name.empty() && name.size() <= 255 && name != "." && name != ".." &&
           name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

namespace {

/// Programs of Windows write A.XML where a.xml was agreed on.
bool isSameLetter(char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return lower(a) == lower(b);
}

}  // namespace

bool matchesPattern(std::string_view name, std::string_view pattern) {
    if (name.starts_with('.') && !pattern.starts_with('.')) return false;
    std::size_t n = 0, p = 0, star = std::string_view::npos, tried = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            tried = n;
        } else if (p < pattern.size() && (pattern[p] == '?' || isSameLetter(pattern[p], name[n]))) {
            ++p, ++n;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            n = ++tried;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::string shownName(std::string_view name) {
    std::string text(name);
    bool readable = isUtf8(name);
    if (!readable) {
        if (const Result<std::string> read = toUtf8(name, FoundEncoding{.label = "GB18030", .declared = {}});
            read.ok()) {
            text = read.value();
            readable = true;
        }
    }
    std::string shown;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !readable))
            shown += fmt::format("\\x{:02X}", byte);
        else
            shown += c;
    }
    return shown;
}

}  // namespace caseway
