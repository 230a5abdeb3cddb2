// gateway/formats/jsonpath/compare.cpp - exact comparison of number literals, deep comparison of values.
#include "gateway/formats/jsonpath/compare.hpp"

#include <algorithm>

namespace caseway {

namespace {

constexpr std::int64_t kMostExponent = 1'000'000'000'000;

/// A literal as sign × 0.d1d2d3… × 10^scale with d1 ≠ 0; the digits stay where they are, point included.
struct Decimal {
    explicit Decimal(std::string_view literal) {
        negative = literal.starts_with('-');
        if (negative) literal.remove_prefix(1);
        const std::size_t mark = std::min(literal.find_first_of("eE"), literal.size());
        digits = literal.substr(0, mark);
        const std::size_t point = std::min(digits.find('.'), digits.size());
        const std::size_t first = digits.find_first_not_of("0.");
        if (first == digits.npos) {
            negative = false;
            digits = {};
            return;
        }
        scale = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first) + (first > point ? 1 : 0);
        if (mark < literal.size()) scale += exponentOf(literal.substr(mark + 1));
        digits.remove_prefix(first);
    }

    static std::int64_t exponentOf(std::string_view text) {
        const bool down = text.starts_with('-');
        std::int64_t value = 0;
        for (const char c : text) {
            if (c >= '0' && c <= '9') value = std::min(value * 10 + (c - '0'), kMostExponent);
        }
        return down ? -value : value;
    }

    bool negative = false;
    std::string_view digits;  ///< empty: zero
    std::int64_t scale = 0;
};

std::strong_ordering compareDigits(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    std::size_t j = 0;
    while (true) {
        if (i < a.size() && a[i] == '.') ++i;
        if (j < b.size() && b[j] == '.') ++j;
        if (i >= a.size() && j >= b.size()) return std::strong_ordering::equal;
        const char x = i < a.size() ? a[i] : '0';
        const char y = j < b.size() ? b[j] : '0';
        if (x != y) return x <=> y;
        ++i;
        ++j;
    }
}

bool areObjectsEqual(const JsonValue& a, const JsonValue& b, std::size_t& work_left) {
    for (std::uint32_t i = 0; i < a.count; ++i) {
        const JsonValue::Member& member = a.members[i];
        const JsonValue* other = nullptr;
        if (b.members[i].name == member.name) {
            other = &b.members[i].value;
        } else {
            work_left -= std::min<std::size_t>(work_left, b.count);
            other = b.find(member.name);
        }
        if (other == nullptr || !areEqual(member.value, *other, work_left)) return false;
    }
    return true;
}

}  // namespace

std::strong_ordering compareNumbers(std::string_view a, std::string_view b) {
    if (a == b) return std::strong_ordering::equal;
    const Decimal x(a);
    const Decimal y(b);
    const int x_sign = x.digits.empty() ? 0 : x.negative ? -1 : 1;
    const int y_sign = y.digits.empty() ? 0 : y.negative ? -1 : 1;
    if (x_sign != y_sign || x_sign == 0) return x_sign <=> y_sign;
    const std::strong_ordering size = x.scale != y.scale ? x.scale <=> y.scale : compareDigits(x.digits, y.digits);
    return x_sign > 0 ? size : 0 <=> size;
}

bool areEqual(const JsonValue& a, const JsonValue& b, std::size_t& work_left) {
    if (work_left == 0) return false;
    --work_left;
    if (a.type != b.type) return false;
    switch (a.type) {
        case JsonValue::Type::Number:
            return compareNumbers(a.text, b.text) == 0;
        case JsonValue::Type::String:
            return a.text == b.text;
        case JsonValue::Type::Object:
            return a.count == b.count && areObjectsEqual(a, b, work_left);
        case JsonValue::Type::Array:
            break;
        default:
            return true;
    }
    if (a.count != b.count) return false;
    for (std::uint32_t i = 0; i < a.count; ++i) {
        if (!areEqual(a.items[i], b.items[i], work_left)) return false;
    }
    return true;
}

bool isLess(const JsonValue& a, const JsonValue& b) {
    if (a.type != b.type) return false;
    if (a.type == JsonValue::Type::Number) return compareNumbers(a.text, b.text) < 0;
    // Byte order of UTF-8 is code point order.
    return a.type == JsonValue::Type::String && a.text < b.text;
}

}  // namespace caseway
