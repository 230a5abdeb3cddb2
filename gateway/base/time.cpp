// gateway/base/time.cpp - RFC 3339 in and out.
#include "gateway/base/time.hpp"

#include <fmt/format.h>

namespace caseway {
namespace {

constexpr std::size_t kLongest = 64;  // bytes: the grammar sets no end to a fraction

/// Reads `count` digits at `at`; -1 where one is missing.
int digits(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return -1;
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/// Minutes east of UTC of "Z" or "+hh:mm" at the end of a time; nothing for anything else.
std::optional<int> offsetMinutes(std::string_view text) {
    if (text == "Z" || text == "z") return 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
    const int hours = digits(text, 1, 2);
    const int minutes = digits(text, 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
    return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

}  // namespace

std::optional<Instant> parseRfc3339(std::string_view text) {
    using namespace std::chrono;
    if (text.size() < 20 || text.size() > kLongest || text[4] != '-' || text[7] != '-' ||
        (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':')
        return std::nullopt;
    const int y = digits(text, 0, 4), mo = digits(text, 5, 2), d = digits(text, 8, 2);
    const int h = digits(text, 11, 2), mi = digits(text, 14, 2), s = digits(text, 17, 2);
    if (y < 1 || mo < 1 || d < 1 || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 60) return std::nullopt;
    const year_month_day date{year(y), month(static_cast<unsigned>(mo)), day(static_cast<unsigned>(d))};
    if (!date.ok()) return std::nullopt;

    std::size_t at = 19;
    std::int64_t micros = 0;
    if (text[at] == '.') {
        std::size_t count = 0;
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++count)
            if (count < 6) micros = micros * 10 + (text[at] - '0');
        if (count == 0) return std::nullopt;
        for (; count < 6; ++count) micros *= 10;
    }
    const auto offset = offsetMinutes(text.substr(at));
    if (!offset) return std::nullopt;
    const Instant instant =
        sys_days(date) + hours(h) + minutes(mi) + seconds(s) + microseconds(micros) - minutes(*offset);
    // A leap second is the last of a month of UTC (RFC 3339 §5.7); it counts as the first second of the next.
    if (s == 60) {
        const auto next_day = floor<days>(instant);
        if (floor<seconds>(instant) != next_day || year_month_day(next_day).day() != day(1)) return std::nullopt;
    }
    return instant;
}

std::string toRfc3339(Instant instant, std::chrono::minutes east_of_utc) {
    std::string text = toRfc3339(instant + east_of_utc);
    text.pop_back();  // "Z"
    const auto minutes = std::chrono::abs(east_of_utc).count();
    return text + fmt::format("{}{:02}:{:02}", east_of_utc.count() < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

std::string toRfc3339(Instant instant) {
    using namespace std::chrono;
    const auto days = floor<std::chrono::days>(instant);
    const year_month_day date{days};
    const hh_mm_ss<microseconds> clock{instant - days};
    std::string text = "0000-00-00T00:00:00.000000";  // written by hand: each message has several times
    const auto put = [&text](std::size_t end, auto number) {
        for (; number > 0; number /= 10) text[--end] = static_cast<char>('0' + number % 10);
    };
    put(7, static_cast<unsigned>(date.month()));
    put(10, static_cast<unsigned>(date.day()));
    put(13, clock.hours().count());
    put(16, clock.minutes().count());
    put(19, clock.seconds().count());
    put(26, clock.subseconds().count());
    text.resize(clock.subseconds().count() == 0 ? 19 : text.find_last_not_of('0') + 1);
    text += 'Z';
    const int year = static_cast<int>(date.year());
    if (year < 0 || year > 9999) return fmt::format("{:04}{}", year, text.substr(4));
    put(4, year);
    return text;
}

}  // namespace caseway
