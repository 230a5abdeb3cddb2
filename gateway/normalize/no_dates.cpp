// gateway/normalize/no_dates.cpp - texts compared as written, times by how they begin.
#include "gateway/normalize/no_dates.hpp"

#include <algorithm>

namespace caseway {
namespace {

constexpr std::size_t kDay = sizeof "2026-05-04" - 1;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

std::string paddedDate(std::string_view text) {
    std::string padded;
    char between = 0;
    for (int part = 0; part < 3; ++part) {
        std::size_t count = 0;
        while (count < text.size() && isDigit(text[count])) ++count;
        if (part == 0 ? count != 4 : (count < 1 || count > 2)) return {};
        if (part > 0) padded += count == 1 ? "-0" : "-";
        padded += text.substr(0, count);
        text.remove_prefix(count);
        if (text.empty()) return padded;
        if (part == 0) between = text.front();
        if (text.front() != between || std::string_view("-/.").find(between) == std::string_view::npos) return {};
        text.remove_prefix(1);
    }
    return {};
}

void NoDates::add(std::string text, std::string time) {
    words_.push_back({std::move(text), std::move(time)});
}

bool NoDates::haveText(std::string_view text) const {
    return std::any_of(words_.begin(), words_.end(), [text](const Word& word) {
        if (!text.starts_with(word.text)) return false;
        return text.size() == word.text.size() || (word.time.size() == kDay && !isDigit(text[word.text.size()]));
    });
}

bool NoDates::haveTime(std::string_view time) const {
    return std::any_of(words_.begin(), words_.end(),
                       [time](const Word& word) { return !word.time.empty() && time.starts_with(word.time); });
}

}  // namespace caseway
