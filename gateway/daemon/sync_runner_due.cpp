// gateway/daemon/sync_runner_due.cpp - what schedules make due, what of it is owed, and what is kept of that over a
// restart.
#include <algorithm>
#include <map>

#include "gateway/daemon/sync_runner.hpp"
#include "gateway/formats/run/run_document.hpp"

namespace caseway {
namespace {

MissedRunPolicy policyOf(const LiveConnector& live) {
    MissedRunPolicy policy;
    if (live.file.head.schedule)
        policy.missed = missedRunsNamed(live.file.head.schedule->missed).value_or(MissedRuns::RunOnce);
    return policy;
}

/// Of the runs that take from the source the newest: a retry or a reconciliation stands for none that was due.
std::optional<Instant> lastBegunOf(StoreReader& reader, std::string_view connector) {
    constexpr std::size_t kFirstLook = 5, kSearched = 1000;
    std::uint64_t before = 0;
    for (const std::size_t most : {kFirstLook, kSearched}) {
        const auto rows = reader.runs(connector, before, most);
        for (const RunRow& row : rows)
            if (const auto run = readRun(row.body); run && takesFromSource(run->kind)) return run->started_at;
        if (rows.size() < most) break;
        before = rows.back().number;
    }
    return std::nullopt;
}

}  // namespace

/// Up to which time its runs that were due have begun: those that wait for their jitter have not. Where none ever did,
/// up to now: a schedule's past before its first day makes no run. Of one that makes up each run, what it still owes
/// counts from before that. What was due before it went live was never expected.
Instant SyncRunner::lastDueOf(const LiveConnector& live) {
    const std::string connector = live.name.text();
    const Instant since = parseRfc3339(live.since).value_or(Instant{});
    if (policyOf(live).missed == MissedRuns::RunAll)
        if (const auto settled = owed_notes_.settledOf(connector, live.version)) return std::max(*settled, since);
    const Instant begun = lastBegunOf(parts_.pages.store.reader(), connector).value_or(parts_.pages.clock.now());
    const auto waits = live.schedule->nextStart(begun);
    const Instant last = waits ? std::min<Instant>(begun, waits->due - std::chrono::seconds(1)) : begun;
    return std::max(last, since);
}

/// The next run that begins behind `behind`.
std::optional<PlannedRun> SyncRunner::nextOf(const LiveConnector& live, Instant behind) const {
    if (!live.schedule) return std::nullopt;
    const auto known = last_due_.find(live.name.text());
    const Instant last = known != last_due_.end() ? known->second : parseRfc3339(live.since).value_or(Instant::min());
    return live.schedule->nextStart(behind, last);
}

/// What is due now is owed until it has begun: a store that is away, or a run under way, does not lose it.
void SyncRunner::noteDue(Instant now) {
    LiveConnectors unknown;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [name, live] : live_)
            if (live->schedule && !(last_due_.contains(name) && circuits_.contains(name))) unknown.emplace(name, live);
    }
    for (const auto& [name, live] : unknown) {
        const Instant last = lastDueOf(*live);
        const Circuit circuit = circuitNow(*live);
        const std::lock_guard lock(mutex_);
        const auto as_it_is = live_.find(name);
        if (as_it_is == live_.end() || as_it_is->second != live) continue;  // the next tick looks again
        last_due_.emplace(name, last);
        circuits_.emplace(name, circuit);
    }
    const std::lock_guard lock(mutex_);
    for (auto& [name, circuit] : circuits_) circuit.holdAtMost(now);
    for (const auto& [name, live] : live_) {
        const auto known = last_due_.find(name);
        if (!live->schedule || known == last_due_.end()) continue;
        noteDueOf(*live, known->second, now);
    }
}

void SyncRunner::noteDueOf(const LiveConnector& live, Instant& last_due, Instant now) {
    const std::string name = live.name.text();
    last_due = std::min(last_due, now);  // a clock that ran ahead holds nobody back
    const MissedRunPolicy policy = policyOf(live);
    const DueRuns due = runsToStart(*live.schedule, policy, last_due, now);
    if (!due.newest) return;
    last_due = *due.newest;
    const auto held = heldBy(name);
    passed_over_.note(name, held.value_or(PassedOver::Window), due.window_closed, due.window_times.first,
                      due.window_times.last);
    passed_over_.note(name, PassedOver::Policy, due.passed_over - due.window_closed, due.policy_times.first,
                      due.policy_times.last);
    auto& owed = owed_[name];
    for (const PlannedRun& planned : due.to_start) owed.push_back({planned, held});
    const std::size_t most = policy.missed == MissedRuns::RunAll ? policy.most : 1;
    for (; owed.size() > most; owed.pop_front())
        passed_over_.note(name, owed.front().held.value_or(PassedOver::Policy), owed.front().planned.due);
}

/// What keeps a connector's due run from beginning now.
std::optional<PassedOver> SyncRunner::heldBy(const std::string& connector) const {
    const auto job = jobs_.find(connector);
    if (job == jobs_.end()) return std::nullopt;
    return job->second->running ? PassedOver::UnderWay : PassedOver::NoSlot;
}

void SyncRunner::startOwed(Instant now) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    for (auto& [name, owed] : owed_) {
        const auto live = live_.find(name);
        if (live == live_.end() || !live->second->schedule) owed.clear();
        if (const auto held = heldBy(name))
            for (Owed& one : owed) one.held = held;
        if (owed.empty() || jobs_.contains(name) || hasJustFailed(name)) continue;
        const Owed first = owed.front();
        const PlannedRun planned = first.planned;
        const auto closes = live->second->schedule->closesAfter(planned.due);
        const auto circuit = circuits_.find(name);
        const auto state = circuit == circuits_.end() ? Circuit::State::Closed : circuit->second.state(now);
        owed.pop_front();
        const bool is_too_late = closes && *closes <= now;
        if (is_too_late || state == Circuit::State::Open) {  // the next one reads what is there
            const PassedOver why = is_too_late ? first.held.value_or(PassedOver::Window) : PassedOver::Circuit;
            passed_over_.note(name, why, planned.due);
            continue;
        }
        auto job = std::make_shared<Job>();
        job->live = live->second;
        job->cause = RunCause::Due;
        job->planned = planned;
        job->is_probe = state == Circuit::State::HalfOpen;
        enqueueLocked(std::move(job));
    }
}

/// A run that waits for a slot is owed until it has begun. One that has, and is not noted yet, begins again after a
/// crash: it reads what came meanwhile.
void SyncRunner::keepOwed() {
    struct Line {
        int version;
        Instant settled;
        bool owes;
    };
    std::map<std::string, Line> lines;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [name, live] : live_) {
            const auto last = last_due_.find(name);
            if (!live->schedule || last == last_due_.end() || policyOf(*live).missed != MissedRuns::RunAll) continue;
            std::optional<std::chrono::sys_seconds> first;
            if (const auto owed = owed_.find(name); owed != owed_.end() && !owed->second.empty())
                first = owed->second.front().planned.due;
            const auto job = jobs_.find(name);
            if (job != jobs_.end() && job->second->planned && !job->second->seen)
                first = std::min(first.value_or(job->second->planned->due), job->second->planned->due);
            const Instant settled = first ? Instant(*first - std::chrono::seconds(1)) : last->second;
            lines.emplace(name, Line{live->version, settled, first.has_value()});
        }
    }
    for (const auto& [name, line] : lines) owed_notes_.keep(name, line.version, line.settled, line.owes);
}

}  // namespace caseway
