// gateway/sync/run_end.cpp - what is said of a run beside its pages: that it came to its end but is no whole success,
// that it was killed too often to be taken up once more, and from when its length counts.
#include <algorithm>
#include <utility>

#include "gateway/sync/refusal_verdict.hpp"
#include "gateway/sync/run_trouble.hpp"
#include "gateway/sync/run_verdict.hpp"
#include "gateway/sync/sync_run.hpp"

namespace caseway {
namespace {

constexpr std::uint64_t kKillsBeforeGivenUp = 12;

}  // namespace

/// Of one that came to its source's end: why it is no whole success, where it is none.
void SyncRun::judge(const RunOrder& order, Run& run, std::optional<Instant> newest) {
    if (run.state == RunState::Partial && run.trouble && run.trouble->code == kFileRefused) tellRefusedPayloads(run);
    if (run.state != RunState::Done) return;
    const RefusalCodes codes = run.counts.records.refused == 0 ? RefusalCodes() : parts_.ledger.refusalCodes(run);
    auto trouble = clockSetBack(run, codes, parts_.clock.now(), newest);
    if (!trouble || run.counts.parked != 0) trouble = troubleAtEnd(run, given_, codes, order.refused_percent);
    if (!trouble) return;
    run.state = RunState::Partial;
    run.trouble = std::move(trouble);
}

/// What is known of the time before another process took it up is the time of day at which it began, whatever was done
/// to that clock since: a steady one says nothing to another process.
SyncRun::SteadyTime SyncRun::countedFrom(const RunOrder& order, const Run& run) const {
    const SteadyTime now = parts_.steady();
    if (order.cause == RunCause::Asked || run.resumed == 0) return now;
    if (order.counted_from) return *order.counted_from;
    return now - std::max(parts_.clock.now() - run.started_at, Instant::duration::zero());
}

void SyncRun::countTakeUp(const RunOrder& order, Run& run) {
    RunKills& kills = run.kills;
    if (!std::exchange(kills.has_left, false) && !order.has_fault) ++kills.taken_up;
    const std::uint64_t most = run.kind == RunKind::Reconcile ? kKillsBeforeParked : kKillsBeforeGivenUp;
    if (run.state != RunState::Running || kills.taken_up <= most) return;
    run.state = RunState::Stopped;
    run.trouble = givenUpAfterKills(kills.taken_up, run.pages + 1);
}

}  // namespace caseway
