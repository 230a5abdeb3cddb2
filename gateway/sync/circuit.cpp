// gateway/sync/circuit.cpp - the failures at the end of a list of runs.
#include "gateway/sync/circuit.hpp"

#include <algorithm>

#include "gateway/sync/jitter.hpp"
#include "gateway/sync/run_trouble.hpp"

namespace caseway {
namespace {

bool hasFailed(const Run& run) {
    // A reconciliation with a report came to the source's end: it asks, and nothing is wrong with the source.
    if (run.reconciliation && !run.reconciliation->report.empty()) return false;
    return run.state == RunState::Stopped ||
           (run.state == RunState::Partial && run.trouble && run.trouble->code == "too_many_refused");
}

}  // namespace

Circuit circuitOf(const std::vector<Run>& newest_first, const CircuitPolicy& policy, std::string_view terms,
                  Instant now) {
    Circuit circuit;
    const Run* last = nullptr;
    for (const Run& run : newest_first) {
        if (!terms.empty() && !run.terms.empty() && run.terms != terms) break;
        if (!run.ended_at || run.state == RunState::Cancelled || run.kind == RunKind::Retry) continue;
        if (run.trouble && isOfPeople(*run.trouble)) continue;
        if (!hasFailed(run)) break;
        if (last == nullptr) last = &run;
        ++circuit.failed;
    }
    if (last == nullptr) return circuit;
    if (last->trouble) circuit.code = last->trouble->cause.empty() ? last->trouble->code : last->trouble->cause;
    if (policy.failures == 0 || circuit.failed < policy.failures) return circuit;
    std::chrono::seconds wait = policy.wait;
    for (unsigned i = policy.failures; i < circuit.failed && wait < policy.most; ++i) wait *= 2;
    wait = std::min<std::chrono::seconds>(wait, policy.most);
    const auto day = std::chrono::floor<std::chrono::days>(*last->ended_at).time_since_epoch();
    circuit.wait = wait + jitter(last->connector, std::chrono::local_days(day), wait / 4);
    circuit.until = *last->ended_at + circuit.wait;
    circuit.holdAtMost(now);
    return circuit;
}

}  // namespace caseway
