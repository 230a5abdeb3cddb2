// gateway/formats/json/writer.cpp - canonical JSON: one form of each value, so that digests and signatures agree.
// Source: RFC 8785 (JCS); numbers as ECMA-262 Number::toString writes them.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <numeric>

#include "gateway/base/byte_blocks.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {

namespace {

constexpr std::size_t kExactDigits = 15;  ///< integers this short are their own shortest double text
constexpr std::size_t kPieceBytes = 512;  ///< of a string that are escaped at a time
constexpr std::size_t kEscapedMost = 6;   ///< bytes that one takes then: \u0000

/// Orders names as UTF-16 code units do: characters above U+FFFF stand before U+E000..U+FFFF.
bool beforeInUtf16(std::string_view a, std::string_view b) {
    const auto [left, right] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    if (right == b.end()) return false;
    if (left == a.end()) return true;
    const auto x = static_cast<unsigned char>(*left);
    const auto y = static_cast<unsigned char>(*right);
    if (x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0)) return x >= 0xF0;
    return x < y;
}

void appendObject(const JsonValue& value, std::string& out, NumberWriter number) {
    std::vector<const JsonValue::Member*> sorted(value.count);
    for (std::uint32_t i = 0; i < value.count; ++i) sorted[i] = value.members + i;
    std::stable_sort(sorted.begin(), sorted.end(), [](const JsonValue::Member* a, const JsonValue::Member* b) {
        return beforeInUtf16(a->name, b->name);
    });
    out.push_back('{');
    for (const JsonValue::Member* member : sorted) {
        if (member != sorted.front()) out.push_back(',');
        appendJsonString(member->name, out);
        out.push_back(':');
        appendCanonical(member->value, out, number);
    }
    out.push_back('}');
}

/// Short form of the escape, or 0.
char shortEscape(char c) {
    switch (c) {
        case '"':
            return '"';
        case '\\':
            return '\\';
        case '\b':
            return 'b';
        case '\f':
            return 'f';
        case '\n':
            return 'n';
        case '\r':
            return 'r';
        case '\t':
            return 't';
        default:
            return 0;
    }
}

bool isShortInteger(std::string_view literal) {
    const std::string_view digits = literal.starts_with('-') ? literal.substr(1) : literal;
    if (digits.empty() || digits.size() > kExactDigits || (digits == "0" && digits.size() != literal.size()))
        return false;
    return std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Of a literal other than zero that is far from one: which side it is on.
bool isBelowOne(std::string_view literal) {
    const std::size_t mark = std::min(literal.find_first_of("eE"), literal.size());
    const std::string_view digits = literal.substr(0, mark);
    const std::size_t point = std::min(digits.find('.'), digits.size());
    const std::size_t first = digits.find_first_of("123456789");
    constexpr std::int64_t kMost = 1'000'000'000'000;
    std::int64_t exponent = 0;
    for (const char c : literal.substr(mark)) {
        if (c >= '0' && c <= '9') exponent = std::min(exponent * 10 + (c - '0'), kMost);
    }
    if (literal.find('-', mark) != literal.npos) exponent = -exponent;
    return static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first) + exponent <= 0;
}

/// `digits` are the shortest ones of a positive value 0.digits × 10^point.
void appendDigits(std::string_view digits, int point, std::string& out) {
    const int count = static_cast<int>(digits.size());
    if (count <= point && point <= 21) {
        out.append(digits).append(static_cast<std::size_t>(point - count), '0');
    } else if (0 < point && point <= 21) {
        out.append(digits.substr(0, static_cast<std::size_t>(point))).push_back('.');
        out.append(digits.substr(static_cast<std::size_t>(point)));
    } else if (-6 < point && point <= 0) {
        out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
    } else {
        out.push_back(digits.front());
        if (count > 1) out.append(".").append(digits.substr(1));
        out.append(point > 0 ? "e+" : "e-").append(std::to_string(std::abs(point - 1)));
    }
}

ByteBlock needsBackslash(ByteBlock block) {
    return (block < 0x20) | (block == '"') | (block == '\\');
}
bool needsBackslash(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

char* putEscaped(char c, char* to) {
    *to++ = '\\';
    if (const char escape = shortEscape(c)) {
        *to++ = escape;
        return to;
    }
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    for (const char digit : {'u', '0', '0', kHex[byte >> 4], kHex[byte & 15]}) *to++ = digit;
    return to;
}

/// `to`: room for the longest escape of each byte of `text`, and for a block. Returns the end of what is written.
char* copyEscaped(std::string_view text, char* to) {
    const char* at = text.data();
    const char* const end = at + text.size();
    while (static_cast<std::size_t>(end - at) >= sizeof(ByteBlock)) {
        const ByteBlock block = loadBlock(at);
        std::memcpy(to, &block, sizeof block);
        const std::size_t plain = firstByte(needsBackslash(block));
        at += plain;
        to += plain;
        if (plain != sizeof(ByteBlock)) to = putEscaped(*at++, to);
    }
    const std::string_view rest(at, end);
    if (!anyByte(needsBackslash(shortBlock(rest)))) {
        copyBytes(rest, to);
        return to + rest.size();
    }
    for (const char c : rest) {
        if (needsBackslash(c)) {
            to = putEscaped(c, to);
        } else {
            *to++ = c;
        }
    }
    return to;
}

}  // namespace

void appendJsonString(std::string_view text, std::string& out) {
    char buffer[kEscapedMost * kPieceBytes + sizeof(ByteBlock) + 2];
    char* to = buffer;
    *to++ = '"';
    for (; text.size() > kPieceBytes; text.remove_prefix(kPieceBytes)) {
        out.append(buffer, copyEscaped(text.substr(0, kPieceBytes), to));
        to = buffer;
    }
    to = copyEscaped(text, to);
    *to++ = '"';
    out.append(buffer, to);
}

void appendCanonicalNumber(std::string_view literal, std::string& out) {
    if (isShortInteger(literal)) {
        out.append(literal);
        return;
    }
    double value = 0;
    const auto read = std::from_chars(literal.data(), literal.data() + literal.size(), value);
    if (read.ec == std::errc::result_out_of_range) {
        // Below the smallest double it is zero; above the largest it has no canonical form.
        out.append(isBelowOne(literal) ? "0" : literal);
        return;
    }
    if (read.ec != std::errc{} || !std::isfinite(value)) {
        out.append(literal);
        return;
    }
    if (value == 0) {
        out.push_back('0');
        return;
    }
    char buffer[40];
    const auto written = std::to_chars(buffer, buffer + sizeof buffer, std::abs(value), std::chars_format::scientific);
    std::string_view text(buffer, static_cast<std::size_t>(written.ptr - buffer));
    const std::size_t mark = text.find('e');
    int exponent = 0;
    const std::string_view power = text.substr(mark + (text[mark + 1] == '+' ? 2 : 1));
    std::from_chars(power.data(), power.data() + power.size(), exponent);
    char digits[40];
    const char* end = std::remove_copy(buffer, buffer + mark, digits, '.');
    if (value < 0) out.push_back('-');
    appendDigits({digits, static_cast<std::size_t>(end - digits)}, exponent + 1, out);
}

void appendCanonical(const JsonValue& value, std::string& out, NumberWriter number) {
    switch (value.type) {
        case JsonValue::Type::Null:
            out.append("null");
            return;
        case JsonValue::Type::False:
            out.append("false");
            return;
        case JsonValue::Type::True:
            out.append("true");
            return;
        case JsonValue::Type::Number:
            number(value.text, out);
            return;
        case JsonValue::Type::String:
            appendJsonString(value.text, out);
            return;
        case JsonValue::Type::Object:
            appendObject(value, out, number);
            return;
        case JsonValue::Type::Array:
            break;
    }
    out.push_back('[');
    for (std::uint32_t i = 0; i < value.count; ++i) {
        if (i != 0) out.push_back(',');
        appendCanonical(value.items[i], out, number);
    }
    out.push_back(']');
}

}  // namespace caseway
