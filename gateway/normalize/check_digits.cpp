// gateway/normalize/check_digits.cpp - weights and sums of GB 11643, GB 32100 and GB 11714.
#include "gateway/normalize/check_digits.hpp"

#include <algorithm>
#include <chrono>

namespace caseway {
namespace {

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool allDigits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), isDigit);
}

int number(std::string_view digits) {
    int value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
}

bool isDay(int year, int month, int day) {
    using namespace std::chrono;
    return year >= 1800 && year_month_day{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                          std::chrono::day(static_cast<unsigned>(day))}
                               .ok();
}

char idCheckDigit(std::string_view seventeen) {
    constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (std::size_t i = 0; i < 17; ++i) sum += (seventeen[i] - '0') * kWeights[i];
    return "10X98765432"[sum % 11];
}

/// True where some characters are hidden by `*` and every other one is a digit, a capital letter.
bool isMasked(std::string_view text) {
    if ((text.size() != 15 && text.size() != 18) || text.find('*') == std::string_view::npos) return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c == '*' || isDigit(c) || (c >= 'A' && c <= 'Z'); });
}

constexpr std::string_view kCreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// GB 11714: eight characters (A = 10 …) and a check character.
bool isOrganisationCode(std::string_view nine) {
    constexpr int kWeights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (std::size_t i = 0; i < 8; ++i) sum += (isDigit(nine[i]) ? nine[i] - '0' : nine[i] - 'A' + 10) * kWeights[i];
    return nine[8] == "0X987654321"[sum % 11];
}

}  // namespace

CheckVerdict checkIdCard(std::string_view text) {
    if (isMasked(text)) return CheckVerdict::Masked;
    if (text.size() == 15) {
        if (!allDigits(text)) return CheckVerdict::Wrong;
        const bool born =
            isDay(1900 + number(text.substr(6, 2)), number(text.substr(8, 2)), number(text.substr(10, 2)));
        return born ? CheckVerdict::Good : CheckVerdict::Wrong;
    }
    if (text.size() != 18 || !allDigits(text.substr(0, 17))) return CheckVerdict::Wrong;
    if (!isDay(number(text.substr(6, 4)), number(text.substr(10, 2)), number(text.substr(12, 2))))
        return CheckVerdict::Wrong;
    return text[17] == idCheckDigit(text) ? CheckVerdict::Good : CheckVerdict::Wrong;
}

CheckVerdict checkCreditCode(std::string_view text) {
    if (text.size() == 18 && isMasked(text)) return CheckVerdict::Masked;
    constexpr int kWeights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    if (text.size() != 18 || text[0] == '0') return CheckVerdict::Wrong;  // 0 is no registering authority
    std::size_t sum = 0;
    for (std::size_t i = 0; i < 18; ++i) {
        const auto value = kCreditAlphabet.find(text[i]);
        if (value == std::string_view::npos) return CheckVerdict::Wrong;
        if (i < 17) sum += value * static_cast<std::size_t>(kWeights[i]);
    }
    if (text[17] != kCreditAlphabet[(31 - sum % 31) % 31]) return CheckVerdict::Wrong;
    return isOrganisationCode(text.substr(8, 9)) ? CheckVerdict::Good : CheckVerdict::Wrong;
}

CheckVerdict checkOrgCode(std::string_view text) {
    std::string nine(text);
    if (nine.size() == 10 && nine[8] == '-') nine.erase(8, 1);
    const auto isOne = [](char c) { return isDigit(c) || (c >= 'A' && c <= 'Z'); };
    if (nine.size() != 9 || !std::all_of(nine.begin(), nine.end(), isOne)) return CheckVerdict::Wrong;
    return isOrganisationCode(nine) ? CheckVerdict::Good : CheckVerdict::Wrong;
}

std::string idCardFromOldForm(std::string_view fifteen_digits) {
    std::string text(fifteen_digits);
    text.insert(6, "19");
    return text + idCheckDigit(text);
}

bool upperCase(std::string& text) {
    bool changed = false;
    for (char& c : text)
        if (c >= 'a' && c <= 'z') {
            c = static_cast<char>(c - 'a' + 'A');
            changed = true;
        }
    return changed;
}

}  // namespace caseway
