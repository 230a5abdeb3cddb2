// gateway/ports/clock.hpp - the time of day, injected so that tests own it.
#pragma once

#include "gateway/base/time.hpp"

namespace caseway {

class Clock {
public:
    virtual ~Clock() = default;
    /// Now, UTC. Callable concurrently. May step backwards: nobody derives order from it.
    virtual Instant now() const = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
public:
    Instant now() const override {
        return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    }
};

}  // namespace caseway
