// gateway/normalize/chinese_time.cpp - word by word, each behind or before its number.
#include "gateway/normalize/chinese_time.hpp"

#include <algorithm>

namespace caseway {
namespace {

constexpr std::size_t kMostBytes = 64;  ///< of a time in words
constexpr std::string_view kMorning = "上午", kAfternoon = "下午";

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

/// `word` behind a number as `plain`. Whether it stood there.
bool replaceBehindNumber(std::string& text, std::string_view word, std::string_view plain) {
    const std::size_t at = text.find(word);
    if (at == std::string::npos || at == 0 || !isDigit(text[at - 1])) return false;
    text.replace(at, word.size(), plain);
    return true;
}

/// The hour of the clock of 24 hours; -1: in doubt.
int hourOf(int hour, bool is_afternoon) {
    if (!is_afternoon) return hour < 12 ? hour : -1;
    return hour >= 1 && hour < 12 ? hour + 12 : hour >= 12 && hour < 24 ? hour : -1;
}

/// The hour behind 上午 or 下午, without that word. False: there is none, or it leaves a doubt.
bool takeHalfOfDay(std::string& text, std::size_t at, bool is_afternoon) {
    const std::size_t word = kMorning.size();
    static_assert(kMorning.size() == kAfternoon.size());
    std::size_t begin = at + word;
    while (begin < text.size() && text[begin] == ' ') ++begin;
    std::size_t end = begin;
    int hour = 0;
    for (; end < text.size() && end < begin + 2 && isDigit(text[end]); ++end) hour = hour * 10 + (text[end] - '0');
    hour = end == begin ? -1 : hourOf(hour, is_afternoon);
    if (hour < 0) return false;
    text.replace(at, end - at, (hour < 10 ? "0" : "") + std::to_string(hour));
    return true;
}

}  // namespace

std::optional<std::string> inPlainWords(std::string_view given) {
    if (given.size() > kMostBytes) return std::nullopt;
    std::string text(given);
    const bool has_day = replaceBehindNumber(text, "号", "日"), has_hour = replaceBehindNumber(text, "点", "时");
    for (const std::string_view half : {kMorning, kAfternoon}) {
        const std::size_t at = text.find(half);
        if (at == std::string::npos) continue;
        if (!takeHalfOfDay(text, at, half == kAfternoon)) return std::nullopt;
        return text;
    }
    return has_day || has_hour ? std::optional(std::move(text)) : std::nullopt;
}

}  // namespace caseway
