// gateway/sync/run_window.cpp - times of day and what lies between.
#include "gateway/sync/run_window.hpp"

#include <optional>

#include "gateway/sync/schedule_refusal.hpp"

namespace caseway {
namespace {

std::optional<int> parseTimeOfDay(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    int numbers[2] = {0, 0};
    for (const std::size_t at : {0, 1, 3, 4}) {
        if (text[at] < '0' || text[at] > '9') return std::nullopt;
        numbers[at / 3] = numbers[at / 3] * 10 + (text[at] - '0');
    }
    const int minutes = numbers[0] * 60 + numbers[1];
    if (numbers[1] > 59 || minutes > kMinutesOfDay) return std::nullopt;
    return minutes;
}

}  // namespace

Result<RunWindow> RunWindow::parse(std::string_view text) {
    const std::size_t dash = std::min(text.find('-'), text.size());
    const auto begin = parseTimeOfDay(text.substr(0, dash));
    const auto end = parseTimeOfDay(text.substr(std::min(dash + 1, text.size())));
    if (!begin || !end || *begin == kMinutesOfDay)
        return scheduleRefusal("run_window_invalid", "window", text, "not two times of day",
                               "write HH:MM-HH:MM, e.g. 22:00-06:00");
    if (*begin == *end)
        return scheduleRefusal("run_window_invalid", "window", text, "the window closes when it opens",
                               "leave it out where runs may start all day");
    RunWindow window;
    window.begin_ = *begin;
    window.length_ = (*end - *begin + kMinutesOfDay) % kMinutesOfDay;
    if (window.length_ == 0) window.length_ = kMinutesOfDay;  // 00:00-24:00
    return window;
}

int RunWindow::minutesLeft(int minute_of_day) const {
    const int since = (minute_of_day - begin_ + kMinutesOfDay) % kMinutesOfDay;
    return since < length_ ? length_ - since : 0;
}

}  // namespace caseway
