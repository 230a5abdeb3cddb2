// gateway/daemon/run_findings.cpp - connector by connector, then what is unfinished, whosever it is.
#include "gateway/daemon/run_findings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/counted.hpp"
#include "gateway/base/peoples_time.hpp"
#include "gateway/daemon/run_request.hpp"
#include "gateway/domain/next_steps.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/pipeline/newest_time.hpp"
#include "gateway/sync/run_trouble.hpp"

namespace caseway {
namespace {

constexpr std::chrono::hours kLongUnfinished{24}, kClockBehind{1};

void addCircuit(const std::string& name, const LiveConnector& live, const std::vector<Run>& runs,
                const CircuitPolicy& policy, Instant now, std::vector<RunFinding>& all) {
    const Circuit circuit = circuitOf(runs, policy, live.terms(), now);
    if (circuit.state(now) == Circuit::State::Closed) return;
    all.push_back({fmt::format("{}: {} failed in a row ({}); its circuit is {}, its schedule starts none before {}",
                               name, counted(circuit.failed, "run"), circuit.code, nameOf(circuit.state(now)),
                               peoplesTime(*circuit.until)),
                   fmt::format("caseway sync show {}; caseway sync run {} tries it now", runs.front().number, name)});
}

/// Until a retry of that run has taken all of them. A retry that parks again tells nothing new.
void addParked(const std::string& name, const std::vector<Run>& runs, std::vector<RunFinding>& all) {
    for (const Run& run : runs) {
        if (run.counts.parked == 0 || run.kind == RunKind::Retry) continue;
        const bool is_taken = std::any_of(runs.begin(), runs.end(), [&](const Run& later) {
            return later.of == run.number && later.ended_at && later.counts.parked == 0 && isReadThrough(later);
        });
        if (is_taken) continue;
        all.push_back(
            {fmt::format("{}: {} of run {} {} parked", name, counted(run.counts.parked, "payload"), run.number,
                         run.counts.parked == 1 ? "is" : "are"),
             fmt::format("caseway sync show {0} names them; caseway sync retry {0} tries them again", run.number)});
    }
}

void addUnfinished(StoreReader& reader, Instant now, std::vector<RunFinding>& all) {
    for (const RunRow& row : reader.unfinishedRuns()) {
        const auto run = readRun(row.body);
        if (!run || now - run->started_at < kLongUnfinished) continue;
        all.push_back({fmt::format("{}: its run {} began at {} and has not ended, {} so far", row.connector, row.number,
                                   peoplesTime(run->started_at), counted(run->pages, "page")),
                       fmt::format("caseway sync status shows whether it is at work; caseway sync run {0} goes on with "
                                   "it, caseway sync cancel {0} ends it",
                                   row.connector)});
    }
}

/// As the last run heard it: the source's clock, which may be the wrong one as well as ours.
void addSourceClock(const std::string& name, const std::vector<Run>& runs, std::vector<RunFinding>& all) {
    const auto last = std::find_if(runs.begin(), runs.end(), [](const Run& run) { return run.pages != 0; });
    if (last == runs.end() || !last->clock_ahead) return;
    all.push_back(
        {fmt::format("{}: by run {} the source's clock is {}", name, last->number, clocksText(*last->clock_ahead)),
         "timedatectl shows whether ours is right; else ask the department to set theirs"});
}

/// As the last run that asked the source found them.
void addWaitingFiles(const std::string& name, const std::vector<Run>& runs, std::chrono::seconds files_wait,
                     Instant now, std::vector<RunFinding>& all) {
    const auto last = std::find_if(runs.begin(), runs.end(),
                                   [](const Run& run) { return takesFromSource(run.kind) && run.ended_at; });
    if (last == runs.end() || !last->waiting || !last->waiting->waitLonger(files_wait, now)) return;
    all.push_back({fmt::format("{}: run {} found {} that cannot be read yet, the oldest since {}", name, last->number,
                               counted(last->waiting->count, "file"), peoplesTime(last->waiting->since)),
                   fmt::format("ask the department for their ready-markers, or whether they are whole; caseway "
                               "connector test {} shows how many wait, caseway sync show {} how long",
                               name, last->number)});
}

/// As the last run that saw its source found them: somebody has to look, however good that run was.
void addFilesAside(const std::string& name, const std::vector<Run>& runs, std::vector<RunFinding>& all) {
    const auto last = std::find_if(runs.begin(), runs.end(), [](const Run& run) {
        return takesFromSource(run.kind) && run.ended_at && (run.aside || sawItsSource(run));
    });
    if (last == runs.end() || !last->aside) return;
    all.push_back(
        {fmt::format("{}: run {} found {} in its error folder, the oldest since {}", name, last->number,
                     counted(last->aside->count, "file"), peoplesTime(last->aside->since)),
         "NAME.reason.txt beside each says why; let the department give it anew, and take both out of there: " +
             namedStep("the next caseway sync run no longer tells it", name, 0)});
}

/// Of a clock that was set back, or had run ahead: what is in its future now was written by it.
void addClock(StoreReader& reader, Instant now, std::vector<RunFinding>& all) {
    const auto newest = newestTime(reader);
    if (!newest || now + kClockBehind >= *newest) return;
    all.push_back({fmt::format("clock: it shows {}, and the log has {} already: {} behind", peoplesTime(now),
                               peoplesTime(*newest), timeText(std::chrono::floor<std::chrono::seconds>(*newest - now))),
                   "set it (timedatectl); what was refused for its time meanwhile: caseway sync retry RUN. Where it is "
                   "right, it ran ahead before"});
}

}  // namespace

std::vector<RunFinding> runFindings(StoreReader& reader, const LiveConnectors& live, const CircuitPolicy& policy,
                                    std::chrono::seconds files_wait, Instant now) {
    std::vector<RunFinding> all;
    for (const auto& [name, connector] : live) {
        const auto runs = lastRunsOf(reader, name, kRunsOfCircuit);
        addCircuit(name, *connector, runs, policy, now, all);
        addParked(name, runs, all);
        addSourceClock(name, runs, all);
        addWaitingFiles(name, runs, files_wait, now, all);
        addFilesAside(name, runs, all);
    }
    addUnfinished(reader, now, all);
    addClock(reader, now, all);
    return all;
}

}  // namespace caseway
