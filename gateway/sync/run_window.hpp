// gateway/sync/run_window.hpp - the part of the day in which runs may start, "22:00-06:00" across midnight.
#pragma once

#include <string_view>

#include "gateway/base/result.hpp"

namespace caseway {

constexpr int kMinutesOfDay = 24 * 60;

class RunWindow {
public:
    /// "HH:MM-HH:MM"; the end is outside, and may be 24:00. Refused with `run_window_invalid`.
    static Result<RunWindow> parse(std::string_view text);

    bool contains(int minute_of_day) const { return minutesLeft(minute_of_day) > 0; }
    /// Minutes from a time of day until the window closes; 0 outside it.
    int minutesLeft(int minute_of_day) const;

private:
    int begin_ = 0, length_ = 0;  ///< minutes
};

}  // namespace caseway
