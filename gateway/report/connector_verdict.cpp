// gateway/report/connector_verdict.cpp - planned runs against those that came.
#include "gateway/report/connector_verdict.hpp"

#include <algorithm>

namespace caseway {
namespace {

constexpr std::chrono::days kLookBack{31};

struct Planned {
    std::size_t due = 0;             ///< should have begun by now
    std::optional<Instant> last;     ///< start of the last of them
    std::optional<Instant> settled;  ///< of the last one that may not be waited for any more
    bool more = false;               ///< others come before the night is over
};

Planned plannedIn(const NightFacts& facts, const Night& night, Instant now, std::chrono::seconds late_after) {
    Planned planned;
    const Instant from = night.begin - facts.schedule->settings().jitter - std::chrono::minutes(1);
    Instant after = std::max(from, facts.since);
    // No expression names more than one start a minute.
    for (auto left = std::chrono::ceil<std::chrono::minutes>(night.end - from).count() + 1; left > 0; --left) {
        const auto run = facts.schedule->next(after);
        if (!run || run->due >= night.end) break;
        after = run->due;
        if (!night.contains(run->start)) continue;
        if (run->start > now) {
            planned.more = true;
            break;
        }
        ++planned.due;
        planned.last = run->start;
        if (run->start + late_after < now) planned.settled = run->start;
    }
    return planned;
}

/// A run that was under way at a planned start stands for it: only one of a connector runs at a time.
bool covers(const Run& run, Instant planned) {
    return run.started_at >= planned || !run.ended_at || *run.ended_at > planned;
}

void standOn(const Run& run, NightVerdict& verdict) {
    verdict.started = run.started_at;
    verdict.ended = run.ended_at;
}

/// Where one was due, one that is done is enough: its data is there. Where none was (a timer or a person asks), the
/// last one that ended says how things are, but for those that a person ended.
const Run& decidingOf(const std::vector<const Run*>& runs, bool is_planned) {
    const auto done =
        std::find_if(runs.begin(), runs.end(), [](const Run* run) { return run->state == RunState::Done; });
    if (is_planned || done == runs.end()) return done != runs.end() ? **done : *runs.back();
    return **std::find_if(runs.rbegin(), runs.rend(), [](const Run* run) {
        return run->state != RunState::Running && run->state != RunState::Cancelled;
    });
}

/// 0: none did, or one was done since.
RunNo failedSince(const Run& deciding, const std::vector<Run>& runs) {
    const auto counts = [](const Run& run) {
        return takesFromSource(run.kind) && run.state != RunState::Running && run.state != RunState::Cancelled;
    };
    const auto last = std::find_if(runs.rbegin(), runs.rend(), counts);
    const bool is_since = last != runs.rend() && last->number > deciding.number && last->state != RunState::Done;
    return is_since ? last->number : 0;
}

/// The state by those of `runs` that count; nothing where there is none.
std::optional<NightState> stateOf(const std::vector<const Run*>& runs, const NightFacts& facts, bool is_over,
                                  NightVerdict& verdict) {
    if (runs.empty()) return std::nullopt;
    const Run& deciding = decidingOf(runs, verdict.planned.has_value());
    standOn(deciding, verdict);
    if (deciding.state == RunState::Done) {
        verdict.failed_since = failedSince(deciding, facts.runs);
        return NightState::OnTime;
    }
    return deciding.state == RunState::Running && !is_over ? NightState::Running : NightState::Partial;
}

/// Those of the night, and those before it, that stand for the run planned then; all of the night where none was.
std::vector<const Run*> countingFor(const std::optional<Instant>& planned, const NightFacts& facts) {
    std::vector<const Run*> counting;
    for (const Run& run : facts.before)
        if (takesFromSource(run.kind) && (planned ? covers(run, *planned) : !run.ended_at)) counting.push_back(&run);
    for (const Run& run : facts.runs)
        if (takesFromSource(run.kind) && (!planned || covers(run, *planned))) counting.push_back(&run);
    return counting;
}

}  // namespace

NightVerdict judgeNight(const NightFacts& facts, const Night& night, Instant now, std::chrono::seconds late_after) {
    NightVerdict verdict;
    for (const Run& run : facts.runs) {
        if (!takesFromSource(run.kind)) continue;
        ++verdict.began;
        verdict.done += run.state == RunState::Done ? 1 : 0;
        if (run.trouble) verdict.trouble = run.trouble, verdict.troubled = run.number;
        verdict.under_way = run.state == RunState::Running ? run.number : 0;
    }
    const bool has_plan = facts.schedule != nullptr && !facts.is_suspended;
    const Planned planned = has_plan ? plannedIn(facts, night, now, late_after) : Planned();
    verdict.due = planned.due;
    verdict.planned = planned.last;
    std::vector<const Run*> counting = countingFor(planned.last, facts);
    if (counting.empty() && planned.settled) {  // the last one may still come
        verdict.planned = planned.settled;
        counting = countingFor(planned.settled, facts);
    }
    for (const Run* run : counting)
        if (run->trouble) verdict.trouble = run->trouble, verdict.troubled = run->number;
    if (facts.unplanned && !facts.is_suspended) {
        verdict.trouble = facts.unplanned;
        verdict.troubled = 0;
        verdict.state = NightState::Absent;
    } else if (const auto state = stateOf(counting, facts, now >= night.end, verdict)) {
        const bool is_late =
            *state == NightState::OnTime && verdict.planned && *verdict.started > *verdict.planned + late_after;
        verdict.state = is_late ? NightState::Late : *state;
    } else if (planned.last) {
        verdict.state = planned.settled ? NightState::Absent : NightState::Waiting;
    } else if (facts.is_suspended) {
        verdict.state = NightState::Suspended;
    } else if (planned.more) {
        verdict.state = NightState::Waiting;
    } else if (facts.schedule != nullptr) {
        verdict.state = NightState::NotDue;
        verdict.by_blackout =
            facts.schedule->settings().blackout.overlaps({night.date - std::chrono::days(1), night.date});
    }
    return verdict;
}

bool isOverdue(const Schedule& schedule, const std::optional<Run>& last, Instant since, Instant now,
               std::chrono::seconds late_after) {
    if (last && !last->ended_at) return false;
    const Instant begun = last ? last->ended_at.value_or(last->started_at) : Instant{};
    const auto run = schedule.nextStart(begun, std::max<Instant>(since, now - kLookBack));
    return run && run->start + late_after < now;
}

}  // namespace caseway
