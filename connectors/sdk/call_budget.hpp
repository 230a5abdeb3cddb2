// connectors/sdk/call_budget.hpp - how long one call of a connector may go on: to its deadline, or until the gateway
// stops. Asked between pieces of work, and for the time-out of what blocks.
#pragma once

#include <chrono>
#include <string>

#include "connectors/sdk/faults.hpp"

namespace caseway {

class CallBudget {
public:
    using Clock = std::chrono::steady_clock;
    explicit CallBudget(const ConnectorSurroundings& surroundings)
        : stopping_(surroundings.stopping),
          whole_(surroundings.deadline),
          ends_(Clock::now() + surroundings.deadline) {}

    bool stopping() const { return stopping_ && stopping_(); }
    /// Until the deadline; never less than a millisecond, so that it can be a time-out.
    std::chrono::milliseconds left() const {
        const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(ends_ - Clock::now());
        return std::max(rest, std::chrono::milliseconds(1));
    }
    static ConnectorFault stopped(const std::string& where) {
        return transientFault("stopping", where, "the gateway stops, or the run was cancelled", "nothing");
    }
    bool passed() const { return Clock::now() >= ends_; }
    /// Throws a transient fault where the call must end: `stopping` or `deadline_passed`.
    void mustGoOn(const std::string& where) const {
        if (stopping()) throw stopped(where);
        if (passed())
            throw transientFault("deadline_passed", where,
                                 "the call took longer than its " + std::to_string(whole_.count() / 1000) + " s",
                                 "find out why the other side is slow, or give the connector a longer deadline");
    }

private:
    std::function<bool()> stopping_;
    std::chrono::milliseconds whole_;
    Clock::time_point ends_;
};

}  // namespace caseway
