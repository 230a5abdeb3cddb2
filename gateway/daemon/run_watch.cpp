// gateway/daemon/run_watch.cpp - notes and figures.
#include "gateway/daemon/run_watch.hpp"

#include <algorithm>

#include "gateway/base/fault.hpp"
#include "gateway/daemon/operating_log.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/report/connector_verdict.hpp"
#include "gateway/report/refusal_tally.hpp"

namespace caseway {
namespace {

constexpr std::size_t kMostMadeUp = 20;      ///< runs that ended while nobody could look
constexpr std::size_t kMostSearched = 1000;  ///< for the last good one
constexpr std::size_t kFirstLook = 4;        ///< rows that nearly always hold the last one

}  // namespace

ConnectorSights RunWatch::sightsOf(const std::string& connector) const {
    const auto note = parts_.reader.reportNote(seenNoteOf(connector));
    auto sights = note ? ConnectorSights::read(*note) : Result<ConnectorSights>(ConnectorSights());
    return sights ? *std::move(sights) : ConnectorSights();
}

Instant RunWatch::lastGoodOf(const std::string& connector) const {
    for (const RunRow& row : parts_.reader.runs(connector, 0, kMostSearched)) {
        const auto run = readRun(row.body);
        if (run && takesFromSource(run->kind) && run->state == RunState::Done)
            return run->ended_at.value_or(run->started_at);
    }
    return Instant{};
}

RunWatch::Watched RunWatch::readStanding(const std::string& connector) const {
    Watched watched;
    try {
        watched.last_good = lastGoodOf(connector);
        watched.sights = std::make_shared<const ConnectorSights>(sightsOf(connector));
    } catch (const Fault& fault) {  // figures only: what is taken up goes on
        logWarning("run_not_looked_at", {{"connector", connector}, {"fault", fault.what()}});
    }
    return watched;
}

void RunWatch::watch(const LiveConnectors& live) {
    std::map<std::string, Watched, std::less<>> fresh;
    for (const auto& [name, connector] : live) {
        {
            const std::lock_guard lock(mutex_);
            if (watched_.contains(name)) continue;
        }
        fresh.emplace(name, readStanding(name));
    }
    // A run may end at any time: what it added is moved, never copied beforehand.
    const std::lock_guard lock(mutex_);
    std::map<std::string, Watched, std::less<>> all;
    for (const auto& [name, connector] : live) {
        const auto former = watched_.find(name);
        Watched& watched = all[name] = std::move(former != watched_.end() ? former->second : fresh[name]);
        watched.live = connector;
        watched.since = parseRfc3339(connector->since).value_or(Instant{});
    }
    watched_ = std::move(all);
}

void RunWatch::ended(const Run& run) {
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = watched_.find(run.connector); found != watched_.end()) {
            Watched& watched = found->second;
            if (takesFromSource(run.kind)) {
                ++watched.runs[static_cast<std::size_t>(run.state)];
                watched.counts.add(run.counts);
                if (run.state == RunState::Done) watched.last_good = run.ended_at;
            } else {
                ++watched.beside[{run.kind, run.state}];
            }
        }
    }
    try {
        countRefusals(run);
        look(run.connector);
    } catch (const std::exception& error) {
        logWarning("run_not_looked_at", {{"connector", run.connector}, {"fault", error.what()}});
    }
}

void RunWatch::countRefusals(const Run& run) {
    RefusalCounter counter(parts_.reader);
    counter.add(run);
    const RefusalTally tally = counter.finish();
    const std::lock_guard lock(mutex_);
    const auto add = [&](const std::string& code, std::uint64_t count) {
        const bool has_room = refusals_.contains(code) || refusals_.size() < kMostRefusalCodesShown;
        if (count != 0) refusals_[has_room ? code : "other"] += count;
    };
    for (const RuleCount& rule : tally.rules) add(rule.code, rule.count);
    add("other", tally.not_read);
}

/// At every run since the last look, the oldest first.
void RunWatch::look(const std::string& connector) {
    std::string mapping;
    {
        const std::lock_guard lock(mutex_);
        const auto found = watched_.find(connector);
        if (found == watched_.end()) return;
        mapping = found->second.live->file.mapping;
    }
    ConnectorSights sights = sightsOf(connector);
    auto rows = parts_.reader.runs(connector, 0, kMostMadeUp);
    std::reverse(rows.begin(), rows.end());
    const RunObserver observer({parts_.reader, parts_.open_body});
    for (const RunRow& row : rows) {
        const auto run = readRun(row.body);
        if (!run || !run->ended_at || run->number <= sights.lastRun()) continue;
        sights.take(observer.look(*run, mapping), run->number, run->started_at);  // its night is that of its begin
    }
    parts_.keep(seenNoteOf(connector), sights.text());
    const std::lock_guard lock(mutex_);
    if (const auto found = watched_.find(connector); found != watched_.end())
        found->second.sights = std::make_shared<const ConnectorSights>(std::move(sights));
}

/// Of the runs that take from the source the newest and the newest that ended.
RunWatch::LastRuns RunWatch::lastRunsOf(const std::string& connector) const {
    LastRuns last;
    std::uint64_t before = 0;
    for (std::size_t searched = 0, most = kFirstLook; searched < kMostSearched; most = kMostSearched) {
        const auto rows = parts_.reader.runs(connector, before, most);
        for (const RunRow& row : rows) {
            const auto run = readRun(row.body);
            if (!run) continue;
            if (!takesFromSource(run->kind)) continue;
            if (!last.newest) last.newest = *run;
            if (run->ended_at) {
                last.ended = run->state;
                if (run->trouble) last.reason = run->trouble->code;
                last.waiting = run->waiting;
                last.aside = run->aside;
                return last;
            }
        }
        if (rows.size() < most) break;
        before = rows.back().number;
        searched += rows.size();
    }
    return last;
}

ConnectorFigures RunWatch::figuresOf(const std::string& connector, const Watched& watched, Instant now) const {
    ConnectorFigures figures;
    figures.connector = connector;
    const LastRuns last = lastRunsOf(connector);
    figures.last = last.ended;
    figures.reason = last.reason;
    figures.waiting = last.waiting;
    figures.aside = last.aside;
    if (watched.live->schedule)
        figures.is_overdue = isOverdue(*watched.live->schedule, last.newest, watched.since, now, parts_.late_after);
    else  // a schedule that cannot be read begins nothing
        figures.is_overdue = watched.live->file.head.schedule.has_value();
    const Night night = nightAt(now, parts_.zone);
    figures.drift = watched.sights->newBetween(night.begin, night.end).size();
    figures.newest = watched.sights->newest();
    figures.last_good = watched.last_good;
    figures.runs = watched.runs;
    figures.counts = watched.counts;
    figures.beside = watched.beside;
    return figures;
}

RunFigures RunWatch::figures() const {
    const Instant now = parts_.clock.now();
    RunFigures all;
    std::vector<std::pair<std::string, Watched>> shown;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [connector, watched] : watched_)
            if (shown.size() < kMostConnectorsShown) shown.emplace_back(connector, watched);
        all.not_shown = watched_.size() - shown.size();
        all.refusals = refusals_;
    }
    for (const auto& [connector, watched] : shown) try {
            all.connectors.push_back(figuresOf(connector, watched, now));
        } catch (const Fault&) {  // the store tells of it elsewhere; the other figures stand
            ++all.not_shown;
        }
    return all;
}

}  // namespace caseway
