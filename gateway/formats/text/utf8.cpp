// gateway/formats/text/utf8.cpp - UTF-8 checked by simdjson; only the place of a mistake is looked for byte by byte.
#include "gateway/formats/text/utf8.hpp"

#include <simdjson.h>

#include <algorithm>

#include "gateway/formats/text/encoding.hpp"

namespace caseway {

namespace {

struct Range {
    unsigned char from = 0;
    unsigned char to = 0;
};

/// Bytes that a character of this lead byte takes; 0 for a byte that leads none.
std::size_t lengthOf(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead < 0xC2) return 0;
    if (lead < 0xE0) return 2;
    if (lead < 0xF0) return 3;
    return lead < 0xF5 ? 4 : 0;
}

/// What may follow the lead byte directly: no overlong forms, no surrogates, nothing above U+10FFFF.
Range secondOf(unsigned char lead) {
    switch (lead) {
        case 0xE0:
            return {0xA0, 0xBF};
        case 0xED:
            return {0x80, 0x9F};
        case 0xF0:
            return {0x90, 0xBF};
        case 0xF4:
            return {0x80, 0x8F};
        default:
            return {0x80, 0xBF};
    }
}

/// Number of bytes at the front of `bytes` that belong to one character; `whole` and `broken` say what they are.
void readOne(std::string_view bytes, std::size_t& length, bool& whole, bool& broken) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    length = lengthOf(at(0));
    whole = broken = false;
    if (length == 0) {
        broken = true;
        return;
    }
    const Range second = secondOf(at(0));
    for (std::size_t i = 1; i < length; ++i) {
        if (i == bytes.size()) return;
        const Range range = i == 1 ? second : Range{0x80, 0xBF};
        if (at(i) < range.from || at(i) > range.to) {
            broken = true;
            return;
        }
    }
    whole = true;
}

Utf8Prefix scan(std::string_view bytes) {
    std::size_t at = 0;
    while (at < bytes.size()) {
        std::size_t length = 0;
        bool whole = false;
        bool broken = false;
        readOne(bytes.substr(at), length, whole, broken);
        if (!whole) return {at, broken};
        at += length;
    }
    return {at, false};
}

/// Where the last character starts if it may be cut off; the size where it is not.
std::size_t lastStart(std::string_view bytes) {
    const std::size_t back = std::min<std::size_t>(bytes.size(), 3);
    for (std::size_t i = 1; i <= back; ++i) {
        const auto byte = static_cast<unsigned char>(bytes[bytes.size() - i]);
        if (byte >= 0xC0) return lengthOf(byte) > i ? bytes.size() - i : bytes.size();
        if (byte < 0x80) break;
    }
    return bytes.size();
}

}  // namespace

bool isUtf8(std::string_view bytes) {
    return bytes.empty() || simdjson::validate_utf8(bytes.data(), bytes.size());
}

Utf8Prefix utf8Prefix(std::string_view bytes) {
    const std::size_t sure = lastStart(bytes);
    if (!isUtf8(bytes.substr(0, sure))) return scan(bytes.substr(0, sure));
    const Utf8Prefix rest = scan(bytes.substr(sure));
    return {sure + rest.valid, rest.broken};
}

bool Utf8Pieces::feed(std::string_view piece) {
    while (begun_bytes_ != 0 && !piece.empty() && !is_broken_) {
        begun_[begun_bytes_++] = piece.front();
        piece.remove_prefix(1);
        const Utf8Prefix character = scan({begun_.data(), begun_bytes_});
        is_broken_ = character.broken;
        if (character.valid != 0) begun_bytes_ = 0;
    }
    if (is_broken_) return false;
    const Utf8Prefix prefix = utf8Prefix(piece);
    is_broken_ = prefix.broken;
    if (is_broken_) return false;
    piece.remove_prefix(prefix.valid);
    std::copy(piece.begin(), piece.end(), begun_.begin() + static_cast<std::ptrdiff_t>(begun_bytes_));
    begun_bytes_ += piece.size();
    return true;
}

std::size_t utf8Length(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

char32_t nextCodePoint(std::string_view text, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = std::min(std::max<std::size_t>(lengthOf(lead), 1), text.size() - at);
    char32_t code_point = lead;
    if (length > 1) code_point = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        code_point = (code_point << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    }
    at += length;
    return code_point;
}

void appendUtf8(char32_t code_point, std::string& out) {
    const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (code_point < 0x80) {
        put(code_point);
    } else if (code_point < 0x800) {
        put(0xC0 | (code_point >> 6));
        put(0x80 | (code_point & 0x3F));
    } else if (code_point < 0x10000) {
        put(0xE0 | (code_point >> 12));
        put(0x80 | ((code_point >> 6) & 0x3F));
        put(0x80 | (code_point & 0x3F));
    } else {
        put(0xF0 | (code_point >> 18));
        put(0x80 | ((code_point >> 12) & 0x3F));
        put(0x80 | ((code_point >> 6) & 0x3F));
        put(0x80 | (code_point & 0x3F));
    }
}

}  // namespace caseway
