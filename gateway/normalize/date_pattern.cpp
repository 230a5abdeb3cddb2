// gateway/normalize/date_pattern.cpp - patterns compiled to steps, texts read step by step.
#include "gateway/normalize/date_pattern.hpp"

#include "gateway/normalize/zone_rule.hpp"

namespace caseway {
namespace {

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isNumber(char mark) {
    return mark != 0 && mark != 'z';
}

/// "%F %T" written out: "%Y-%m-%d %H:%M:%S".
std::string expanded(std::string_view pattern) {
    std::string text;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const bool mark = pattern[i] == '%' && i + 1 < pattern.size();
        if (mark && pattern[i + 1] == 'F')
            text += "%Y-%m-%d";
        else if (mark && pattern[i + 1] == 'T')
            text += "%H:%M:%S";
        else if (mark)
            (text += '%') += pattern[i + 1];
        else
            text += pattern[i];
        if (mark) ++i;
    }
    return text;
}

/// True where the marks seen are a prefix of year, month, day, hour, minute, second, fraction; the offset needs a day.
bool isWhole(std::string_view seen) {
    const auto has = [&](char mark) { return seen.find(mark) != std::string_view::npos; };
    bool gap = !has('Y');
    for (const char mark : std::string_view("mdHMSf")) {
        if (has(mark) && gap) return false;
        if (!has(mark)) gap = true;
    }
    return has('Y') && (!has('z') || has('d'));
}

}  // namespace

std::optional<DatePattern> DatePattern::compile(std::string_view pattern) {
    std::string seen;
    auto compiled = compileMarks(pattern, seen);
    return seen.find('d') == std::string::npos ? std::nullopt : std::move(compiled);
}

std::optional<DatePattern> DatePattern::compileWithoutDay(std::string_view pattern) {
    std::string seen;
    auto compiled = compileMarks(pattern, seen);
    return seen.find('d') == std::string::npos ? std::move(compiled) : std::nullopt;
}

std::optional<DatePattern> DatePattern::compileMarks(std::string_view pattern, std::string& seen) {
    DatePattern compiled;
    const std::string text = expanded(pattern);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%' || (i + 1 < text.size() && text[i + 1] == '%')) {
            if (text[i] == '%') ++i;
            compiled.steps_.push_back({.mark = 0, .literal = text[i]});
            continue;
        }
        if (++i == text.size() || std::string_view("YmdHMSfz").find(text[i]) == std::string_view::npos)
            return std::nullopt;
        if (seen.find(text[i]) != std::string::npos || seen.ends_with('z')) return std::nullopt;
        seen += text[i];
        compiled.steps_.push_back({.mark = text[i]});
    }
    if (!isWhole(seen)) return std::nullopt;
    if (seen.find('z') != std::string::npos && compiled.steps_.back().mark != 'z') return std::nullopt;
    auto& steps = compiled.steps_;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const bool touched =
            (i > 0 && isNumber(steps[i - 1].mark)) || (i + 1 < steps.size() && isNumber(steps[i + 1].mark));
        if (steps[i].mark == 'Y')
            steps[i].least = steps[i].most = 4;
        else if (steps[i].mark == 'f')
            steps[i].least = 1, steps[i].most = 9;
        else
            steps[i].least = touched ? 2 : 1;
    }
    return compiled;
}

bool DatePattern::read(std::string_view text, DateParts& parts) const {
    for (const Step& step : steps_)
        if (!readStep(step, text, parts)) return false;
    return text.empty();
}

bool DatePattern::readStep(const Step& step, std::string_view& rest, DateParts& parts) const {
    if (step.mark == 0) {
        if (!rest.starts_with(step.literal)) return false;
        rest.remove_prefix(1);
        if (step.literal == ' ')
            while (rest.starts_with(' ')) rest.remove_prefix(1);
        return true;
    }
    if (step.mark == 'z') {
        parts.offset = parseOffset(rest);
        rest = {};
        return parts.offset.has_value();
    }
    std::size_t count = 0;
    int value = 0;
    for (; count < rest.size() && count < step.most && isDigit(rest[count]); ++count)
        value = value * 10 + (rest[count] - '0');
    if (count < step.least) return false;
    switch (step.mark) {
        case 'Y':
            parts.year = value;
            break;
        case 'm':
            parts.month = value;
            break;
        case 'd':
            parts.day = value;
            break;
        case 'H':
            parts.hour = value;
            parts.has_clock = true;
            break;
        case 'M':
            parts.minute = value;
            break;
        case 'S':
            parts.second = value;
            break;
        default:
            parts.fraction = rest.substr(0, count);
            break;
    }
    rest.remove_prefix(count);
    return true;
}

}  // namespace caseway
