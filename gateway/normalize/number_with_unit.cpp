// gateway/normalize/number_with_unit.cpp - digits or Chinese numerals, then a word.
#include "gateway/normalize/number_with_unit.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/normalize/white_space.hpp"

namespace caseway {
namespace {

constexpr std::size_t kHanBytes = 3;
constexpr std::size_t kMostDigits = 9;
constexpr std::size_t kMostUnitBytes = 36;
constexpr int kNoPower = 10000;

/// Behind a number they make another one of it, or none: 十几天, 10余日, 2天半, 三万, 15天以上.
constexpr std::array<std::string_view, 14> kOtherNumber = {"几", "幾", "多", "余", "餘",   "半",   "万",
                                                           "萬", "亿", "億", "约", "左右", "以上", "以下"};

constexpr std::array<std::pair<std::string_view, int>, 13> kNumerals = {{{"〇", 0},
                                                                         {"零", 0},
                                                                         {"一", 1},
                                                                         {"二", 2},
                                                                         {"两", 2},
                                                                         {"三", 3},
                                                                         {"四", 4},
                                                                         {"五", 5},
                                                                         {"六", 6},
                                                                         {"七", 7},
                                                                         {"八", 8},
                                                                         {"九", 9},
                                                                         {"廿", 20}}};
constexpr std::array<std::pair<std::string_view, int>, 3> kPowers = {{{"十", 10}, {"百", 100}, {"千", 1000}}};

template <std::size_t Count>
int valueAt(std::string_view text, const std::array<std::pair<std::string_view, int>, Count>& known) {
    for (const auto& [numeral, value] : known)
        if (text.starts_with(numeral)) return value;
    return -1;
}

/// Takes the numerals that `text` begins with; nothing where there are none or they are in no order that is a number.
std::optional<int> takeNumerals(std::string_view& text) {
    int sum = 0, digit = -1, last_power = kNoPower;
    bool found = false, is_after_zero = false;
    for (; text.size() >= kHanBytes; text.remove_prefix(kHanBytes), found = true) {
        if (const int power = valueAt(text, kPowers); power > 0) {
            if (power >= last_power || digit > 9) return std::nullopt;
            sum += (digit < 0 ? 1 : digit) * power;
            last_power = power;
            digit = -1;
            is_after_zero = false;
        } else if (const int value = valueAt(text, kNumerals); value >= 0) {
            const bool is_behind_twenty = digit == 20 && value > 0 && value <= 9;  // 廿五
            // 一五: digits without powers are a number of another kind
            if (digit > 0 && !is_behind_twenty) return std::nullopt;
            is_after_zero = is_after_zero || value == 0;
            digit = is_behind_twenty ? digit + value : value;
        } else {
            break;
        }
    }
    if (!found) return std::nullopt;
    const bool is_cut_short = digit > 0 && digit <= 9 && last_power >= 100 && last_power < kNoPower && !is_after_zero;
    if (is_cut_short) return std::nullopt;  // 一百二 is 120 to who says it
    return sum + std::max(digit, 0);
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

/// Letters and Han characters alone: what has signs or further numbers is no unit.
bool isWord(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if ((byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z')) {
            ++at;
        } else if (byte >= 0xE4 && byte <= 0xE9 && text.size() - at >= kHanBytes) {
            if (valueAt(text.substr(at), kNumerals) >= 0 || valueAt(text.substr(at), kPowers) > 0) return false;
            at += kHanBytes;
        } else {
            return false;
        }
    }
    return true;
}

bool saysAnotherNumber(std::string_view unit) {
    return std::any_of(kOtherNumber.begin(), kOtherNumber.end(),
                       [unit](std::string_view word) { return unit.find(word) != std::string_view::npos; });
}

std::string_view withoutCounting(std::string_view unit) {
    for (const std::string_view word : {"个", "個"})
        if (unit.starts_with(word)) unit.remove_prefix(word.size());
    for (const std::string_view word : {"以内", "之内", "内"}) {
        if (!unit.ends_with(word)) continue;
        unit.remove_suffix(word.size());
        break;
    }
    return trimmed(unit);
}

}  // namespace

std::optional<NumberWithUnit> readNumberWithUnit(std::string_view text) {
    text = trimmed(text);
    const auto end = std::find_if_not(text.begin(), text.end(), isDigit);
    NumberWithUnit found;
    found.digits.assign(text.begin(), end);
    if (found.digits.size() > kMostDigits) return std::nullopt;
    if (found.digits.empty()) {
        const auto numerals = takeNumerals(text);
        if (!numerals) return std::nullopt;
        found.digits = std::to_string(*numerals);
    } else {
        text.remove_prefix(found.digits.size());
    }
    found.unit = withoutCounting(trimmed(text));
    if (found.unit.size() > kMostUnitBytes || !isWord(found.unit) || saysAnotherNumber(found.unit)) return std::nullopt;
    return found;
}

}  // namespace caseway
