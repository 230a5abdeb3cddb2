// connectors/sdk/turn_wait.hpp - waits for the turn that request_pace.hpp gives, as long as the call may go on.
#pragma once

#include <condition_variable>
#include <mutex>

#include "connectors/sdk/call_budget.hpp"
#include "connectors/sdk/request_pace.hpp"

namespace caseway {

/// Throws what CallBudget::mustGoOn() throws.
inline void waitForTurn(RequestPace& pace, const CallBudget& budget, const std::string& where = {},
                        std::uint64_t weight = 1) {
    const auto turn = pace.take(CallBudget::Clock::now(), weight);
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    while (CallBudget::Clock::now() < turn) {
        budget.mustGoOn(where);
        never.wait_until(lock, std::min(turn, CallBudget::Clock::now() + std::chrono::milliseconds(50)));
    }
}

}  // namespace caseway
