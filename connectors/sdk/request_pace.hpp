// connectors/sdk/request_pace.hpp - at most so many requests, files, rows or bytes a second: when the next one may
// start. Time is handed in.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace caseway {

class RequestPace {
public:
    using Time = std::chrono::steady_clock::time_point;
    explicit RequestPace(double requests_per_second)
        : apart_(requests_per_second > 0
                     ? std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 / requests_per_second))
                     : std::chrono::nanoseconds(0)) {}
    /// The instant from which the next request may go; that turn is then taken, for as long as `weight` requests.
    Time take(Time now, std::uint64_t weight = 1) {
        const Time turn = std::max(now, next_);
        next_ = turn + apart_ * weight;
        return turn;
    }

private:
    std::chrono::nanoseconds apart_;
    Time next_{};
};

}  // namespace caseway
