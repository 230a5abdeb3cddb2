// gateway/sync/circuit.hpp - the circuit breaker of a connector: after several failed runs in a row its schedule starts
// none for a while, so that a source that is down is not asked all night. Computed from the runs that were, so it
// outlives a restart; a person's run is always begun.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/run.hpp"

namespace caseway {

struct CircuitPolicy {
    unsigned failures = 5;  ///< in a row, before it opens; 0: it never does
    std::chrono::minutes wait{
        10};  ///< doubled with each failure that follows, and up to a quarter more by name and day
    std::chrono::minutes most{360};
};

struct Circuit {
    enum class State {
        Closed,   ///< runs start when they are due
        Open,     ///< none starts before `until`
        HalfOpen  ///< the next one that is due tries, with one attempt a call
    };
    unsigned failed = 0;             ///< runs in a row
    std::optional<Instant> until{};  ///< nothing: closed
    std::chrono::seconds wait{};     ///< that `until` is at most ahead of anybody's clock
    std::string code{};              ///< of the last failure

    /// Of a clock that ran ahead and was set back: nobody waits longer than `wait` from now. Kept by who keeps this.
    void holdAtMost(Instant now) {
        if (until) until = std::min(*until, now + wait);
    }
    State state(Instant now) const { return !until ? State::Closed : now < *until ? State::Open : State::HalfOpen; }
};
constexpr std::string_view nameOf(Circuit::State state) {
    return state == Circuit::State::Closed ? "closed" : state == Circuit::State::Open ? "open" : "half-open";
}

/// So many of a connector's last runs decide; more change nothing.
constexpr std::size_t kRunsOfCircuit = 32;

/// `newest_first`: its last runs. A run failed where it stopped, or where nearly everything was refused; cancelled,
/// unfinished and retries say nothing. Runs with other settings or another mapping than `terms` say nothing of this
/// version, nor what was before them; empty: not known, all count. `until` is never further from `now` than it waits.
Circuit circuitOf(const std::vector<Run>& newest_first, const CircuitPolicy& policy, std::string_view terms,
                  Instant now);

}  // namespace caseway
