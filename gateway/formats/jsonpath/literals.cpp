// gateway/formats/jsonpath/literals.cpp - integers, numbers and strings of the query language.
#include <charconv>

#include "gateway/formats/jsonpath/parser.hpp"
#include "gateway/formats/text/utf8.hpp"

namespace caseway {

namespace {
constexpr std::int64_t kMostInteger = (std::int64_t{1} << 53) - 1;  ///< the exact ones of I-JSON (RFC 7493)
}

bool PathParser::integer(std::int64_t& value) {
    const std::size_t start = at_;
    take('-');
    const std::size_t first = at_;
    if (!takeDigits()) return fail("digits");
    if (in_[first] == '0' && (at_ - first > 1 || first != start))
        return fail(start, "an integer without leading zero, and no -0");
    const auto read = std::from_chars(in_.data() + start, in_.data() + at_, value);
    if (read.ec != std::errc{} || value > kMostInteger || value < -kMostInteger) {
        return fail(start, "an integer between -(2^53-1) and 2^53-1");
    }
    return true;
}

bool PathParser::number(std::string& literal) {
    const std::size_t start = at_;
    take('-');
    const std::size_t first = at_;
    if (!takeDigits()) return fail("digits");
    if (in_[first] == '0' && at_ - first > 1) return fail(start, "a number without leading zero");
    if (take('.') && !takeDigits()) return fail("digits behind the decimal point");
    if (peek() == 'e' || peek() == 'E') {
        ++at_;
        if (peek() == '+' || peek() == '-') ++at_;
        if (!takeDigits()) return fail("digits of the exponent");
    }
    literal = in_.substr(start, at_ - start);
    return true;
}

bool PathParser::stringLiteral(std::string& value) {
    const std::size_t start = at_;
    const char quote = in_[at_++];
    while (more()) {
        const char c = in_[at_];
        if (c == quote) {
            ++at_;
            return true;
        }
        if (c == '\\') {
            ++at_;
            if (!escape(quote, value)) return false;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            return fail("control characters only as escapes");
        } else {
            value.push_back(c);
            ++at_;
        }
    }
    return fail(start, "a closing quote");
}

bool PathParser::escape(char quote, std::string& value) {
    constexpr std::string_view kFrom = "bfnrt/\\";
    constexpr std::string_view kTo = "\b\f\n\r\t/\\";
    const std::size_t start = at_ - 1;
    const char c = peek();
    if (more() && (c == quote || kFrom.find(c) != kFrom.npos)) {
        value.push_back(c == quote ? quote : kTo[kFrom.find(c)]);
        ++at_;
        return true;
    }
    if (!take('u')) return fail(start, "one of the escapes \\b \\f \\n \\r \\t \\/ \\\\ \\uXXXX or the quote itself");
    char32_t unit = 0;
    if (!hex4(unit)) return false;
    if (unit >= 0xDC00 && unit <= 0xDFFF) return fail(start, "a high surrogate before a low one");
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        char32_t low = 0;
        if (!take('\\') || !take('u') || !hex4(low) || low < 0xDC00 || low > 0xDFFF) {
            return fail(start, "a low surrogate behind a high one");
        }
        unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
    appendUtf8(unit, value);
    return true;
}

bool PathParser::hex4(char32_t& unit) {
    std::uint16_t value = 0;
    const std::string_view digits = in_.substr(at_, 4);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 4 || read.ec != std::errc{} || read.ptr != digits.data() + 4)
        return fail("four hexadecimal digits");
    unit = value;
    at_ += 4;
    return true;
}

}  // namespace caseway
