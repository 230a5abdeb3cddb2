// gateway/daemon/sync_runner.cpp - threads, queue and the look at the clock.
#include "gateway/daemon/sync_runner.hpp"

#include <algorithm>

#include "gateway/domain/next_steps.hpp"
#include "gateway/formats/text/near_word.hpp"
#include "gateway/formats/text/said_text.hpp"

namespace caseway {
namespace {

constexpr std::chrono::seconds kEndsWithin{10};
constexpr std::chrono::milliseconds kLookAgain{20};

Refusal refusalOf(std::string code, const std::string& connector, std::string rule, std::string hint) {
    return {std::move(code), "connector", connector, std::move(rule), std::move(hint), {}};
}

}  // namespace

SyncRunner::SyncRunner(Parts parts) : parts_(std::move(parts)) {
    for (std::size_t i = 0; i < parts_.settings.sync.runs_at_once; ++i) threads_.emplace_back([this] { work(); });
}

void SyncRunner::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    try {
        keepOwed();
    } catch (const std::exception&) {  // as it was kept before
    }
}

/// A version that is new here runs when it is next due, not at once for the times before it.
void SyncRunner::takeUp(LiveConnectors live, HeldConnectors held) {
    const Instant now = parts_.pages.clock.now();
    const std::lock_guard lock(mutex_);
    for (const auto& [name, connector] : live) {
        const auto former = live_.find(name);
        const bool is_new = former == live_.end() || former->second->version != connector->version;
        if (has_register_ && is_new) last_due_[name] = now;
        if (!is_new) continue;
        circuits_.erase(name);  // what failed with other settings says nothing of these
        for (const Owed& owed : owed_[name]) passed_over_.note(name, PassedOver::Changed, owed.planned.due);
        owed_.erase(name);
    }
    live_ = std::move(live);
    held_ = std::move(held);
    has_register_ = true;
    for (const auto& [name, job] : jobs_) {
        const auto as_it_is = live_.find(name);
        if (as_it_is == live_.end()) {
            job->withdrawn = Withdrawal::NotActive;
        } else if (!job->running && job->cause == RunCause::Asked && job->request.kind != RunKind::Since) {
            job->live = as_it_is->second;  // it has not begun: it begins with what is there now
        } else {
            const bool is_same = as_it_is->second->terms() == job->live->terms();
            job->withdrawn = is_same ? Withdrawal::None : Withdrawal::Changed;
        }
    }
    wake_.notify_all();
}

Circuit SyncRunner::circuitNow(const LiveConnector& live) const {
    return circuitOf(lastRunsOf(parts_.pages.store.reader(), live.name.text(), kRunsOfCircuit),
                     parts_.settings.sync.circuit, live.terms(), parts_.pages.clock.now());
}

bool SyncRunner::hasJustFailed(const std::string& connector) const {
    const auto failed = failed_at_.find(connector);
    return failed != failed_at_.end() && std::chrono::steady_clock::now() < failed->second.at + parts_.after_failure;
}

void SyncRunner::tick() {
    try {
        const Instant now = parts_.pages.clock.now();
        std::vector<RunRow> orphans;
        for (RunRow& row : parts_.pages.store.reader().unfinishedRuns()) {
            const std::lock_guard lock(mutex_);
            if (stopping_ || !has_register_ || jobs_.contains(row.connector)) continue;
            const auto live = live_.find(row.connector);
            if (live == live_.end()) {
                orphans.push_back(std::move(row));
            } else if (!hasJustFailed(row.connector)) {
                auto job = std::make_shared<Job>();
                job->live = live->second;
                job->cause = RunCause::Resumed;
                enqueueLocked(std::move(job));
            }
        }
        for (const RunRow& row : orphans) endOrphan(row);
        noteDue(now);
        startOwed(now);
        keepOwed();
        tellNotBegun();
    } catch (const std::exception& error) {  // the store is busy or away: the next tick looks again
        parts_.failed({}, error.what());
    }
}

void SyncRunner::tellNotBegun() {
    std::vector<PassedOverLine> lines;
    {
        const std::lock_guard lock(mutex_);
        lines = passed_over_.takeLines();
    }
    for (const PassedOverLine& line : lines) parts_.passed_over(line);
}

/// Its window closed while it waited for a thread. Said at once, and not begun.
bool SyncRunner::isTooLate(const Job& job, Instant now) {
    if (!job.planned || !job.live->schedule) return false;
    const auto closes = job.live->schedule->closesAfter(job.planned->due);
    if (!closes || *closes > now) return false;
    {
        const std::lock_guard lock(mutex_);
        passed_over_.note(job.live->name.text(), PassedOver::NoSlot, job.planned->due);
    }
    tellNotBegun();
    return true;
}

bool SyncRunner::enqueueLocked(JobPtr job) {
    const std::string name = job->live->name.text();
    if (stopping_ || jobs_.contains(name)) return false;
    if (const auto failed = failed_at_.find(name); failed != failed_at_.end()) {
        job->has_fault = true;
        job->wait = failed->second.wait;
        job->counted_from = failed->second.counted_from;
        const bool is_resumed = job->cause == RunCause::Resumed;
        job->cancelled = is_resumed && failed->second.is_cancelled;
        job->ends_first = !is_resumed && !job->request.dry && failed->second.is_cancelled;
    }
    jobs_.emplace(name, job);
    waiting_.push_back(std::move(job));
    wake_.notify_all();
    return true;
}

/// The run of the connector's job is over, in the store or as what a dry run found, and the job is not yet gone.
void SyncRunner::letEnd(const std::string& connector) {
    const auto until = std::chrono::steady_clock::now() + kEndsWithin;
    std::unique_lock lock(mutex_);
    while (!stopping_ && std::chrono::steady_clock::now() < until) {
        const auto job = jobs_.find(connector);
        if (job == jobs_.end() || !job->second->running) return;
        if (job->second->request.dry) {
            if (!dry_.contains(connector)) return;
        } else {
            lock.unlock();
            if (unfinishedRunOf(parts_.pages.store.reader(), connector)) return;
            lock.lock();
        }
        wake_.wait_for(lock, kLookAgain);
    }
}

/// Of a name that no registered connector has; those that have one run, or are held.
Refusal SyncRunner::unknownLocked(const std::string& connector) const {
    std::vector<std::string_view> names;
    for (const auto& [name, live] : live_) names.push_back(name);
    for (const auto& [name, why] : held_) names.push_back(name);
    return refusalOf("connector_unknown", connector, "a registered connector",
                     hintOfNearest(connector, names, "caseway connector list"));
}

Result<Done> SyncRunner::start(const std::string& connector, const RunRequest& request) {
    auto job = std::make_shared<Job>();
    const Refusal not_active = refusalOf("connector_not_active", connector, "a connector that is active and pulls",
                                         "caseway connector list; one becomes active by test and activate");
    const Refusal under_way =
        refusalOf("run_under_way", connector, "one run of a connector at a time",
                  namedStep("caseway sync status shows it; caseway sync cancel ends it", connector, 0));
    letEnd(connector);
    {
        const std::lock_guard lock(mutex_);
        const auto live = live_.find(connector);
        if (live == live_.end()) {
            const auto held = held_.find(connector);
            return held == held_.end() ? unknownLocked(connector) : held->second;
        }
        if (jobs_.contains(connector)) return under_way;
        job->live = live->second;
    }
    job->request = request;
    const auto judged = judgeRequest(parts_.pages.store.reader(), parts_.open_body, *job->live, request, job->from);
    if (!judged) return judged.error();
    const std::lock_guard lock(mutex_);
    const auto as_it_is = live_.find(connector);
    if (as_it_is == live_.end()) return not_active;
    if (as_it_is->second->terms() != job->live->terms()) job->withdrawn = Withdrawal::Changed;
    if (request.dry) dry_.erase(connector);
    if (!enqueueLocked(std::move(job))) return under_way;
    return Done{};
}

Result<Done> SyncRunner::cancel(const std::string& connector) {
    const bool is_unfinished = unfinishedRunOf(parts_.pages.store.reader(), connector).has_value();
    const std::lock_guard lock(mutex_);
    auto job = jobs_.find(connector);
    if (const auto live = live_.find(connector); job == jobs_.end() && is_unfinished && live != live_.end()) {
        auto ending = std::make_shared<Job>();  // it waits to be taken up: that is how it is ended
        ending->live = live->second;
        ending->cause = RunCause::Resumed;
        enqueueLocked(std::move(ending));
        job = jobs_.find(connector);
    }
    if (job == jobs_.end() && !live_.contains(connector) && !held_.contains(connector)) return unknownLocked(connector);
    if (job == jobs_.end())
        return refusalOf("run_unknown", connector, "a connector that runs or waits to run", "caseway sync status");
    job->second->cancelled = true;
    wake_.notify_all();
    return Done{};
}

SyncStatus SyncRunner::status() const {
    const Instant now = parts_.pages.clock.now();
    const std::lock_guard lock(mutex_);
    SyncStatus status;
    status.at = now;
    for (const auto& [name, why] : held_)
        if (isHeldFromOutside(why)) status.held.emplace(name, why);
    for (const auto& [name, live] : live_) {
        SyncStatus::Line line{name};
        if (const auto job = jobs_.find(name); job != jobs_.end()) {
            line.running = job->second->seen;
            line.waits = !job->second->running;
            line.busy = job->second->running;
            line.is_dry = job->second->request.dry;
            line.wait = job->second->wait;
        } else if (const auto failed = failed_at_.find(name); failed != failed_at_.end()) {
            const auto left = failed->second.at + parts_.after_failure - std::chrono::steady_clock::now();
            line.wait = failed->second.wait;
            line.wait->until = now + std::chrono::duration_cast<std::chrono::microseconds>(left);
        }
        if (const auto dry = dry_.find(name); dry != dry_.end()) line.dry = dry->second;
        if (const auto circuit = circuits_.find(name); circuit != circuits_.end()) line.circuit = circuit->second;
        // What is due before the circuit lets it try is passed over.
        const bool is_held = line.circuit.state(now) == Circuit::State::Open;
        const Instant behind = is_held ? *line.circuit.until - std::chrono::microseconds(1) : now;
        if (const auto next = nextOf(*live, behind)) line.next = next->start;
        line.passed_over = passed_over_.of(name);
        status.connectors.push_back(std::move(line));
    }
    return status;
}

RunWaits SyncRunner::waits() const {
    RunWaits waits;
    for (const SyncStatus::Line& line : status().connectors)
        if (line.wait && !line.is_dry) waits.emplace(line.connector, *line.wait);
    return waits;
}

void SyncRunner::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        JobPtr job;
        wake_.wait(lock, [&] { return stopping_ || (job = takeFairly()) != nullptr; });
        if (stopping_) return;
        lock.unlock();
        std::optional<RunTrouble> failed_by;
        try {
            if (!isTooLate(*job, parts_.pages.clock.now())) carryOut(*job);
        } catch (const std::exception& error) {  // the store: the run stays unfinished
            if (!job->request.dry) parts_.failed(job->live->name.text(), error.what());
            const auto* const fault = dynamic_cast<const Fault*>(&error);
            failed_by =
                fault != nullptr
                    ? troubleOfOurs(*fault)
                    : RunTrouble{"store", "unexpected", {}, saidText(error.what()), "look at the operating log"};
        }
        afterRun(job, std::move(failed_by));
        lock.lock();
    }
}

/// `failed_by`: what the store said; nothing: it took the run.
void SyncRunner::afterRun(const JobPtr& job, std::optional<RunTrouble> failed_by) {
    const std::string name = job->live->name.text();
    std::optional<Circuit> circuit;
    std::shared_ptr<const LiveConnector> live = job->live;
    {
        const std::lock_guard lock(mutex_);
        if (const auto as_it_is = live_.find(name); as_it_is != live_.end()) live = as_it_is->second;
    }
    try {
        circuit = circuitNow(*live);
    } catch (const std::exception&) {  // as it was
    }
    const std::lock_guard lock(mutex_);
    if (circuit) circuits_[name] = *circuit;
    if (failed_by) failed_by->next_step = namedStep(failed_by->next_step, name, job->seen ? job->seen->number : 0);
    if (failed_by && job->planned && !job->seen) owed_[name].push_front({*job->planned, {}});
    const Instant now = parts_.pages.clock.now();
    if (job->request.dry)
        tellDryLocked(*job, std::move(failed_by));  // what became of a run that is to be taken up again stays as it is
    else if (failed_by)
        failed_at_[name] = {std::chrono::steady_clock::now(),
                            {*std::move(failed_by), now, job->wait ? job->wait->since : now},
                            job->isCancelled(),
                            job->counted_from};
    else
        failed_at_.erase(name);
    jobs_.erase(name);
    wake_.notify_all();
}

}  // namespace caseway
