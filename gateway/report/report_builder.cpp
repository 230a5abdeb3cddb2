// gateway/report/report_builder.cpp - runs to nights, connectors to departments.
#include "gateway/report/report_builder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/formats/run/run_document.hpp"
#include "gateway/report/connector_verdict.hpp"
#include "gateway/report/passed_times.hpp"
#include "gateway/report/refusal_tally.hpp"
#include "gateway/report/run_sights.hpp"
#include "gateway/report/tried_again.hpp"
#include "gateway/report/volume.hpp"
#include "gateway/sync/run_trouble.hpp"

namespace caseway {
namespace {

constexpr std::size_t kRunsAtOnce = 500;
constexpr std::size_t kMostRunsRead = 200'000;  ///< a run a minute of fourteen connectors for ten nights
constexpr std::size_t kMostRunsSearched = 5'000;

/// What the counts cover.
void addTimes(const std::vector<Run>& runs, ConnectorNight& made) {
    bool is_over = !runs.empty();
    for (const Run& run : runs) {
        made.first_began = std::min(made.first_began.value_or(run.started_at), run.started_at);
        is_over = is_over && run.ended_at;
        if (run.ended_at) made.last_ended = std::max(made.last_ended.value_or(*run.ended_at), *run.ended_at);
    }
    if (!is_over) made.last_ended.reset();
}

std::string departmentIn(std::string_view connector) {
    return std::string(connector.substr(0, connector.find('/')));
}

/// Of a reconciliation its own counts hold what the source gave; those of a run hold what was put right with it.
RunBeside besideOf(const Run& run) {
    const ReconcileCounts compared = run.reconciliation ? run.reconciliation->counts : ReconcileCounts();
    return {run.number,
            run.kind,
            run.state,
            run.started_at,
            run.ended_at,
            std::max(run.counts.read, compared.read),
            std::max(run.counts.records.refused, compared.refused),
            std::max(run.counts.payloads_refused, compared.payloads_refused),
            run.ended_at ? bothSidesOf(run) : std::nullopt,
            run.trouble};
}

/// A wait is of now, and a report may be of any night.
bool isOfNight(const RunWait& wait, const ConnectorNight& made, const Night& night) {
    const auto isOpen = [](const RunBeside& run) { return !run.ended; };
    return night.contains(wait.since) || (!made.runs.empty() && !made.last_ended) ||
           std::any_of(made.beside.begin(), made.beside.end(), isOpen);
}

}  // namespace

/// What the runs of a connector that take from the source were, of the night and of those before it.
struct ReportBuilder::Past {
    std::vector<RunBeside> beside;                     ///< the other runs of the night
    std::optional<RunBeside> compared{};               ///< the newest that did, of all these nights
    std::vector<Run> runs;                             ///< of the night, in their order
    std::vector<Run> under_way;                        ///< as the night began, in their order
    std::map<std::size_t, std::uint64_t> read_before;  ///< nights ago, from 1, to records; where a run was done
    std::optional<Instant> last_good{};
    std::size_t never_whole = 0;  ///< runs at its end that ended with `set_incomplete`
    bool was_whole = false;       ///< a run before those
    RunNo next = 0;               ///< the first that began behind the night; 0: none did
    Instant next_began{};

    /// The newest first. One that ended before the source's end says nothing of the set.
    void countNeverWhole(const Run& run, const Night& night) {
        if (was_whole || !run.ended_at || run.started_at >= night.end) return;
        if (run.trouble && run.trouble->code == "set_incomplete")
            ++never_whole;
        else
            was_whole = run.state == RunState::Done || run.state == RunState::Partial;
    }
};

std::map<std::string, ReportBuilder::Past, std::less<>> ReportBuilder::pastOf(const Night& night) {
    std::vector<Night> before;
    for (std::size_t ago = 1; ago <= kNightsCompared; ++ago)
        before.push_back(nightOf(night.date - std::chrono::days(ago), settings_.zone));
    std::map<std::string, Past, std::less<>> all;
    std::size_t count = 0;
    for (std::uint64_t number = 0; count < kMostRunsRead;) {
        const auto rows = reader_.runs({}, number, kRunsAtOnce);
        if (rows.empty()) break;
        number = rows.back().number;
        count += rows.size();
        bool is_older = false;
        for (const RunRow& row : rows) {
            auto run = readRun(row.body);
            if (!run) continue;
            if (!settings_.is_served) run = interrupted(*std::move(run));
            // Newest first; a clock that was set back ends nothing before a whole page is older.
            is_older = run->started_at < before.back().begin;
            Past& past = all[row.connector];
            if (!takesFromSource(run->kind)) {
                const RunBeside beside = besideOf(*run);
                if (night.contains(run->started_at)) past.beside.insert(past.beside.begin(), beside);
                if (beside.sides && !past.compared && run->started_at < night.end) past.compared = beside;
                continue;
            }
            if (run->state == RunState::Done && run->ended_at && !past.last_good) past.last_good = run->ended_at;
            past.countNeverWhole(*run, night);
            if (run->started_at >= night.end) past.next = run->number, past.next_began = run->started_at;
            if (night.contains(run->started_at)) {
                past.runs.insert(past.runs.begin(), std::move(*run));
                continue;
            }
            const auto its = std::find_if(before.begin(), before.end(),
                                          [&](const Night& one) { return one.contains(run->started_at); });
            if (its != before.end() && run->state == RunState::Done)
                past.read_before[static_cast<std::size_t>(its - before.begin()) + 1] += run->counts.read;
            if (run->started_at < night.begin && (!run->ended_at || *run->ended_at > night.begin))
                past.under_way.insert(past.under_way.begin(), std::move(*run));
        }
        if (is_older) break;
    }
    return all;
}

/// Beyond the nights that were read.
std::optional<Instant> ReportBuilder::lastGoodOf(const std::string& connector) {
    std::uint64_t before = 0;
    for (std::size_t searched = 0; searched < kMostRunsSearched;) {
        const auto rows = reader_.runs(connector, before, kRunsAtOnce);
        if (rows.empty()) break;
        for (const RunRow& row : rows) {
            const auto run = readRun(row.body);
            if (run && takesFromSource(run->kind) && run->state == RunState::Done) return run->ended_at;
        }
        before = rows.back().number;
        searched += rows.size();
    }
    return std::nullopt;
}

void ReportBuilder::addSeen(const Night& night, ConnectorNight& made) {
    const auto note = reader_.reportNote(seenNoteOf(made.connector));
    const auto seen = note ? ConnectorSights::read(*note) : Result<ConnectorSights>(Refusal{});
    if (!seen) return;
    made.drift = seen->newBetween(night.begin, night.end);
    made.newest = seen->newest();
}

/// Of a planned start the time at which it was due is known to the schedule alone: jitter lies between.
void ReportBuilder::addWhyAbsent(const Schedule& schedule, const Past& past, ConnectorNight& made) {
    NightVerdict& verdict = made.verdict;
    if (verdict.state != NightState::Absent || verdict.trouble || !verdict.planned) return;
    const auto note = reader_.reportNote(passedNoteOf(made.connector));
    auto planned = note ? schedule.next(*verdict.planned - std::chrono::days(1)) : std::nullopt;
    while (planned && Instant(planned->start) < *verdict.planned) planned = schedule.next(planned->due);
    if (planned) verdict.trouble = PassedTimes::read(*note).troubleAt(Instant(planned->due), made.connector);
    if (verdict.trouble || past.next == 0) return;
    // A time that is made up is not passed over: whatever reads next reads what that night had, too.
    verdict.trouble = RunTrouble{"transient",
                                 "run_begun_later",
                                 {},
                                 fmt::format("nothing could run at its time; run {} came in its place, at {}",
                                             past.next, localText(past.next_began, settings_.zone)),
                                 fmt::format("caseway sync show {}", past.next),
                                 {}};
}

ConnectorNight ReportBuilder::connectorNight(const ReportedConnector& connector, Past& past, const Night& night,
                                             Instant now) {
    ConnectorNight made;
    made.connector = connector.name;
    made.beside = std::move(past.beside);
    made.compared = std::move(past.compared);
    RefusalCounter refusals(reader_);
    std::uint64_t read_by_done = 0;
    for (const Run& run : past.runs) {
        if (run.state == RunState::Done) read_by_done += run.counts.read;
        made.counts.add(run.counts);
        if (run.clock_ahead) made.clock_ahead = run.clock_ahead;
        if (run.ended_at) {
            made.waiting = run.waiting;
            if (run.aside || sawItsSource(run)) made.aside = run.aside;  // one that failed at once saw nothing
            made.waits_long = run.waiting && run.waiting->waitLonger(settings_.files_wait, *run.ended_at);
        }
        made.runs.push_back(run.number);
        if (settings_.figures_only) continue;
        const TriedAgain tried = triedAgain(reader_, run);
        made.records_tried_again += tried.records;
        made.payloads_tried_again += tried.payloads;
        const RunCounts& counts = run.counts;
        if (counts.records.refused > tried.records || counts.payloads_refused > tried.payloads)
            made.refused_in.push_back(run.number);
        refusals.add(run, tried.messages);
    }
    addTimes(past.runs, made);
    made.refusals = refusals.finish();
    std::vector<std::uint64_t> before;
    for (auto ago = past.read_before.rbegin(); ago != past.read_before.rend(); ++ago) before.push_back(ago->second);
    if (connector.wait && isOfNight(*connector.wait, made, night)) made.wait = connector.wait;
    const NightFacts facts{connector.schedule ? &*connector.schedule : nullptr,
                           connector.is_suspended,
                           connector.since,
                           std::move(past.runs),
                           std::move(past.under_way),
                           connector.unplanned};
    made.verdict = judgeNight(facts, night, now, settings_.late_after);
    for (const Run& run : facts.runs)
        if (made.verdict.failed_since == run.number) made.failed_since = besideOf(run);
    made.volume = compareVolume(read_by_done, std::move(before));
    // A night that is not done yet has not brought what it will.
    made.volume.jumped = made.volume.jumped && made.verdict.done > 0;
    made.last_good = past.last_good;
    made.never_whole = past.never_whole;
    if (!settings_.figures_only) {
        if (!made.last_good) made.last_good = lastGoodOf(connector.name);
        addSeen(night, made);
        if (connector.schedule) addWhyAbsent(*connector.schedule, past, made);
    }
    if (!connector.schedule || connector.is_suspended) return made;
    const auto& circuit = connector.circuit;
    if (now < night.end + std::chrono::days(1)) made.circuit = circuit;  // of an older one it says nothing
    // None of those before begins; one at that very moment does.
    const Instant from = circuit ? std::max(now, circuit->until - std::chrono::microseconds(1)) : now;
    if (const auto next = connector.schedule->nextStart(from, connector.since)) made.next = Instant(next->start);
    return made;
}

MorningReport ReportBuilder::make(const std::vector<ReportedConnector>& connectors, std::chrono::local_days date,
                                  Instant now) {
    const Night night = nightOf(date, settings_.zone);
    MorningReport report{settings_.gateway, night, settings_.zone, now, now >= night.end, {}};
    auto past = pastOf(night);
    std::map<std::string, DepartmentNight, std::less<>> departments;
    const auto add = [&](const ReportedConnector& connector) {
        DepartmentNight& department = departments[departmentIn(connector.name)];
        department.name = departmentIn(connector.name);
        if (department.title.empty()) department.title = connector.department_title;
        department.connectors.push_back(connectorNight(connector, past[connector.name], night, now));
        department.state = std::max(department.state, department.connectors.back().verdict.state);
    };
    std::vector<std::string> gone;
    for (const auto& [name, runs] : past)
        if ((!runs.runs.empty() || !runs.beside.empty()) &&
            std::none_of(connectors.begin(), connectors.end(),
                         [&, &wanted = name](const auto& one) { return one.name == wanted; }))
            gone.push_back(name);
    for (const ReportedConnector& connector : connectors) add(connector);
    for (const std::string& name : gone) add({name, {}, {}, true, {}, {}, {}, {}});
    for (auto& [name, department] : departments) {
        std::sort(department.connectors.begin(), department.connectors.end(),
                  [](const ConnectorNight& a, const ConnectorNight& b) { return a.connector < b.connector; });
        report.departments.push_back(std::move(department));
    }
    return report;
}

}  // namespace caseway
