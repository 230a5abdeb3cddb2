// gateway/adapters/plugin/back_off.hpp - how long a plug-in that failed is left alone: twice as long each time, with
// jitter, so that thirty that failed together do not come back together. No clock of its own.
#pragma once

#include <chrono>
#include <cstdint>

namespace caseway {

struct BackOffSettings {
    std::chrono::milliseconds first{1'000};
    std::chrono::milliseconds most{300'000};
    std::chrono::milliseconds settled{60'000};  ///< one that ran so long begins anew
};

/// For one thread at a time.
class BackOff {
public:
    using Time = std::chrono::steady_clock::time_point;
    /// It may not start before this.
    Time until() const { return until_; }
    std::uint32_t failures() const { return failures_; }
    void started(Time now) { started_ = now; }
    /// `jitter`: from 0 to 1; the pause is 75 to 125 of a hundred of what it would be.
    void failed(Time now, double jitter, const BackOffSettings& settings);

private:
    Time started_{};
    Time until_{};
    std::uint32_t failures_ = 0;  ///< one after the other
};

}  // namespace caseway
