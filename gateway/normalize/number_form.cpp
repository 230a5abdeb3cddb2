// gateway/normalize/number_form.cpp - canonical numbers. RFC 8785 §3.2.2.3 takes ECMAScript's form of a double.
#include "gateway/normalize/number_form.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool allDigits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), isDigit);
}

std::string_view withoutLeadingZeros(std::string_view digits) {
    while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
    return digits;
}

/// value = 0.DIGITS * 10^point, digits without zeros at either end; empty digits: zero.
struct Decimal {
    std::string digits;
    long point = 0;
    bool operator==(const Decimal&) const = default;
};

/// `literal`: a JSON number without its sign. Nothing where its exponent is beyond any double.
std::optional<Decimal> decimalOf(std::string_view literal) {
    Decimal decimal;
    const auto e = literal.find_first_of("eE");
    const std::string_view mantissa = literal.substr(0, e);
    const auto point = mantissa.find('.');
    decimal.digits = mantissa.substr(0, point);
    decimal.point = static_cast<long>(decimal.digits.size());
    if (point != std::string_view::npos) decimal.digits += mantissa.substr(point + 1);
    if (e != std::string_view::npos) {
        std::string_view power = literal.substr(e + 1);
        if (power.starts_with('+')) power.remove_prefix(1);
        int exponent = 0;
        const auto [end, error] = std::from_chars(power.data(), power.data() + power.size(), exponent);
        if (error != std::errc{} || end != power.data() + power.size() || exponent > 5000 || exponent < -5000)
            return std::nullopt;
        decimal.point += exponent;
    }
    const auto first = std::min(decimal.digits.find_first_not_of('0'), decimal.digits.size());
    decimal.digits.erase(0, first);
    decimal.point -= static_cast<long>(first);
    decimal.digits.erase(decimal.digits.find_last_not_of('0') + 1);
    if (decimal.digits.empty()) decimal.point = 0;
    return decimal;
}

/// ECMAScript Number::toString of a finite double whose shortest digits are `value`.
std::string inEcmaForm(const Decimal& value) {
    const auto& digits = value.digits;
    const auto count = static_cast<long>(digits.size());
    const long n = value.point;
    if (count == 0) return "0";
    if (count <= n && n <= 21) return digits + std::string(static_cast<std::size_t>(n - count), '0');
    if (0 < n && n <= 21)
        return digits.substr(0, static_cast<std::size_t>(n)) + "." + digits.substr(static_cast<std::size_t>(n));
    if (-6 < n && n <= 0) return "0." + std::string(static_cast<std::size_t>(-n), '0') + digits;
    std::string text = digits.substr(0, 1);
    if (count > 1) text += "." + digits.substr(1);
    return text + (n - 1 < 0 ? "e-" : "e+") + std::to_string(n - 1 < 0 ? 1 - n : n - 1);
}

}  // namespace

std::optional<std::string_view> canonicalInteger(std::string_view text) {
    if (text.starts_with('-')) {
        const std::string_view digits = text.substr(1);
        if (!allDigits(digits)) return std::nullopt;
        const std::string_view kept = withoutLeadingZeros(digits);
        if (kept == "0") return kept;
        if (kept.size() != digits.size()) return std::nullopt;
        return text;
    }
    if (!allDigits(text)) return std::nullopt;
    return withoutLeadingZeros(text);
}

std::optional<std::string_view> canonicalMoney(std::string_view text, std::string& out) {
    const bool negative = text.starts_with('-');
    const std::string_view amount = negative ? text.substr(1) : text;
    const auto point = amount.find('.');
    const std::string_view yuan = amount.substr(0, point);
    if (!allDigits(yuan)) return std::nullopt;
    std::string_view cents;
    if (point != std::string_view::npos) {
        cents = amount.substr(point + 1);
        if (!allDigits(cents)) return std::nullopt;
        while (cents.size() > 2 && cents.ends_with('0')) cents.remove_suffix(1);
        if (cents.size() > 2) return std::nullopt;
    }
    const std::string_view whole = withoutLeadingZeros(yuan);
    if (whole.size() > 14) return std::nullopt;
    const bool zero = whole == "0" && cents.find_first_not_of('0') == std::string_view::npos;
    out = negative && !zero ? "-" : "";
    out += whole;
    if (!cents.empty()) (out += '.') += cents;
    return out == text ? text : std::string_view(out);
}

std::optional<bool> readBoolean(std::string_view text) {
    if (text == "1" || text == "Y" || text == "y" || text == "是") return true;
    if (text == "0" || text == "N" || text == "n" || text == "否") return false;
    if (text.size() > 5) return std::nullopt;
    std::array<char, 5> lower{};
    std::transform(text.begin(), text.end(), lower.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    const std::string_view word(lower.data(), text.size());
    if (word == "true") return true;
    if (word == "false") return false;
    return std::nullopt;
}

std::string_view plainNumber(std::string_view literal, std::string& out) {
    constexpr long kMost = 40;
    if (literal == "-0") return "0";
    const auto mark = literal.find_first_of(".eE");
    if (mark == std::string_view::npos) return literal;
    const bool has_exponent = literal.find_first_of("eE", mark) != std::string_view::npos;
    if (!has_exponent && literal.find_first_not_of('0', mark + 1) != std::string_view::npos) return literal;
    const bool negative = literal.starts_with('-');
    const auto value = decimalOf(negative ? literal.substr(1) : literal);
    const auto count = static_cast<long>(value ? value->digits.size() : 0);
    if (!value || value->point > kMost || count - value->point > kMost) return literal;
    if (count == 0) return out = "0";
    out = negative ? "-" : "";
    if (value->point <= 0)
        return out += "0." + std::string(static_cast<std::size_t>(-value->point), '0') + value->digits;
    if (count <= value->point)
        return out += value->digits + std::string(static_cast<std::size_t>(value->point - count), '0');
    return out.append(value->digits).insert(out.size() - static_cast<std::size_t>(count - value->point), ".");
}

std::string_view wholeNumber(std::string_view literal, std::string& out) {
    constexpr std::size_t kSureDigits = 15;  // of a double
    const std::string_view plain = plainNumber(literal, out);
    if (plain.find_first_of(".eE") != std::string_view::npos) return literal;
    const bool has_exponent = literal.find_first_of("eE") != std::string_view::npos;
    return has_exponent && plain.size() - (plain.starts_with('-') ? 1 : 0) > kSureDigits ? literal : plain;
}

std::optional<std::string_view> canonicalNumber(std::string_view literal, std::string& out) {
    const bool negative = literal.starts_with('-');
    const std::string_view number = negative ? literal.substr(1) : literal;
    if (number.size() <= 15 && allDigits(number)) {
        if (number == "0") return number;
        if (number.front() == '0') return std::nullopt;
        return literal;
    }
    double value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc{} || end != number.data() + number.size()) return std::nullopt;
    std::array<char, 40> shortest{};
    const auto made =
        std::to_chars(shortest.data(), shortest.data() + shortest.size(), value, std::chars_format::scientific);
    const auto wanted = decimalOf(number);
    const auto held = decimalOf({shortest.data(), static_cast<std::size_t>(made.ptr - shortest.data())});
    if (!wanted || !held || !(*wanted == *held)) return std::nullopt;
    out = (negative && !held->digits.empty() ? "-" : "") + inEcmaForm(*held);
    return out;
}

void appendExactNumber(std::string_view literal, std::string& out) {
    std::string changed;
    if (const auto number = canonicalNumber(literal, changed))
        out += *number;
    else
        appendJsonString(literal, out);
}

}  // namespace caseway
