// gateway/daemon/sync_carry.cpp - one job of the runner: which source, which ledger, and what becomes of a run that
// cannot even begin. The loop over its pages is sync/sync_run.
#include "gateway/daemon/recorder_settings.hpp"
#include "gateway/daemon/sync_runner.hpp"
#include "gateway/domain/next_steps.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/pipeline/dry_pages.hpp"
#include "gateway/pipeline/kept_payloads.hpp"
#include "gateway/pipeline/reconcile_pages.hpp"

namespace caseway {

RunOrder SyncRunner::orderOf(const Job& job) const {
    const LiveConnector& live = *job.live;
    RunOrder order;
    order.connector = live.name.text();
    order.system = live.name.system;
    order.kind = job.request.kind;
    order.cause = job.cause;
    order.from = job.from;
    order.has_fault = job.has_fault;
    order.counted_from = job.counted_from;
    order.of = job.request.of;
    order.reads = live.cursorName();
    order.terms = live.terms();
    order.longest = parts_.settings.sync.longest_run;
    order.payload_bytes = parts_.settings.limits.http_body_bytes;
    order.page = {live.file.head.limits.page_records, live.file.head.limits.page_bytes};
    order.refused_percent = live.file.head.limits.refused_percent;
    const ReconcileOrder& usual = live.file.head.reconcile;
    order.reconcile = {job.request.reconcile.repair.value_or(usual.repair),
                       job.request.reconcile.vanished_at_most.value_or(usual.vanished_at_most),
                       job.request.reconcile.vanished_at_most.has_value()};
    if (job.planned) order.deadline = live.schedule->closesAfter(job.planned->due);
    return order;
}

PulledPages::Parts SyncRunner::pagesOf(const LiveConnector& live) const {
    PulledPages::Parts pages = parts_.pages;
    pages.signatures = live.file.head.signature;
    return pages;
}

Run SyncRunner::carryOutWith(Job& job, Connector& connector, RunLedger& ledger, RunOrder order) {
    SyncRun::Parts parts{connector, ledger, parts_.pages.clock,
                         [this, &job](std::chrono::milliseconds time) { return pause(job, time); }};
    parts.rest = [this, &job](std::chrono::milliseconds time) { return rest(job, time); };
    parts.cancelled = [&job] { return job.isCancelled(); };
    parts.withdrawn = [&job]() -> std::optional<RunTrouble> {
        const Withdrawal why = job.withdrawn;
        if (why == Withdrawal::None) return std::nullopt;
        return why == Withdrawal::Changed ? settingsChanged() : notActive();
    };
    parts.progress = [this, &job](const Run& run) {
        const std::lock_guard lock(mutex_);
        if (job.seen && run.pages != job.seen->pages) job.wait.reset();
        job.seen = run;
    };
    parts.waits = [this, &job](const std::optional<RunWait>& wait) {
        const std::lock_guard lock(mutex_);
        const Instant since = job.wait ? job.wait->since : parts_.pages.clock.now();
        job.wait = wait;
        if (!job.wait) return;
        job.wait->since = since;
        std::string& step = job.wait->trouble.next_step;
        step = namedStep(step, job.live->name.text(), job.seen ? job.seen->number : 0);
    };
    parts.counted_from = [&job](SyncRun::SteadyTime from) { job.counted_from = from; };
    parts.retries.attempts = job.live->file.head.limits.attempts;
    parts.retries.is_probe = job.is_probe;
    return SyncRun(std::move(parts)).carryOut(order);
}

void SyncRunner::carryOut(Job& job) {
    const LiveConnector& live = *job.live;
    const auto stopping = [this, &job] { return stopping_.load() || job.isHalted(); };
    const auto asTrouble = [](const Refusal& why) {
        return RunTrouble{"config", why.code, saidText(why.where), saidText(why.rule), saidText(why.hint)};
    };
    if (job.cause == RunCause::Due && job.withdrawn != Withdrawal::None) return leaveDue(job);
    StoreReader& reader = parts_.pages.store.reader();
    const auto unfinished = job.request.dry ? std::nullopt : unfinishedRunOf(reader, live.name.text());
    if (job.cause == RunCause::Resumed && !unfinished) return;  // it ended, or is gone, since somebody looked
    if (!unfinished) job.ends_first = false;
    auto mapping = mappingOf(live);
    if (!mapping) return notBegun(job, asTrouble(mapping.error()));
    RunOrder order = orderOf(job);
    if (unfinished) order.kind = unfinished->kind, order.of = unfinished->of;
    // Only its end is missing; a reconciliation that was read to the end has still to be settled, and reads anew.
    const bool is_unsettled =
        unfinished && unfinished->kind == RunKind::Reconcile && unfinished->state == RunState::Done;
    const bool has_read = unfinished && unfinished->state != RunState::Running && !is_unsettled;
    if (order.kind == RunKind::Retry || has_read) {
        KeptPayloads kept(reader, parts_.open_body, order.of, mapping->mapping->spec().version);
        PulledPages ledger(pagesOf(live), live.file.head.mapping, std::move(*mapping), live.name.text() + "@retry");
        return tellEnd(job, carryOutWith(job, kept, ledger, std::move(order)));
    }
    std::unique_ptr<Connector> connector;
    try {
        auto opened = openLive(live, parts_.types, parts_.settings, stopping);
        if (!opened) return notBegun(job, asTrouble(opened.error()));
        connector = std::move(*opened);
    } catch (const ConnectorFault& fault) {
        return notBegun(job, troubleOf(fault));
    } catch (const Fault&) {
        throw;
    } catch (const std::exception& error) {
        return notBegun(job, troubleOf(error));
    }
    if (job.request.dry) return carryOutDry(job, *connector, std::move(*mapping), std::move(order));
    const auto ledger = ledgerFor(order, unfinished, std::move(*mapping), live, stopping);
    tellEnd(job, carryOutWith(job, *connector, *ledger, std::move(order)));
}

/// An activated version waits for its next due time; what was due before it is not made up. Of a connector that is not
/// there any more nobody expects anything.
void SyncRunner::leaveDue(const Job& job) {
    if (job.withdrawn != Withdrawal::Changed) return;
    {
        const std::lock_guard lock(mutex_);
        passed_over_.note(job.live->name.text(), PassedOver::Changed, job.planned->due);
    }
    tellNotBegun();
}

/// Nothing of it is stored, and nobody takes it up: what it counted until a fault is all that there is.
void SyncRunner::carryOutDry(Job& job, Connector& connector, ShelvedMapping mapping, RunOrder order) {
    const std::string name = job.live->name.text();
    const PulledPages::Parts pages = pagesOf(*job.live);
    DryPages ledger({pages.store, pages.known, pages.clock, pages.limits, pages.make_spool, pages.verifier,
                     pages.signatures, parts_.make_keys},
                    recorderConfig(parts_.settings), std::move(mapping), job.live->cursorName());
    Unacknowledged source(connector);
    const Run run = carryOutWith(job, source, ledger, std::move(order));
    const std::lock_guard lock(mutex_);
    if (run.ended_at) dry_[name] = run;
}

/// A fault of the store ends a dry run for good, also one that came before it read anything.
void SyncRunner::tellDryLocked(const Job& job, std::optional<RunTrouble> failed_by) {
    if (!failed_by) return;
    Run run = job.seen.value_or(Run{});
    run.connector = job.live->name.text();
    run.system = job.live->name.system;
    run.kind = job.request.kind;
    const Instant now = parts_.pages.clock.now();
    if (!job.seen) run.started_at = now;
    run.state = RunState::Stopped;
    run.trouble = std::move(failed_by);
    run.ended_at = std::max(now, run.started_at);
    nameStepOf(run);
    dry_[run.connector] = std::move(run);
}

/// Whoever asked for a run gets one: what was ended is the unfinished one that began with other settings, or
/// that was cancelled.
void SyncRunner::tellEnd(Job& job, const Run& run) {
    if (!run.ended_at) return;
    parts_.ended(run);
    const bool was_first = job.ends_first.exchange(false);
    const bool is_other = run.terms != job.live->terms() && run.trouble && run.trouble->code == settingsChanged().code;
    if ((is_other || was_first) && job.cause != RunCause::Resumed && !job.isHalted()) carryOut(job);
}

std::unique_ptr<RunLedger> SyncRunner::ledgerFor(RunOrder& order, const std::optional<Run>& unfinished,
                                                 ShelvedMapping mapping, const LiveConnector& live,
                                                 std::function<bool()> halted) const {
    const std::string& name = live.file.head.mapping;
    if (order.kind != RunKind::Reconcile)
        return std::make_unique<PulledPages>(pagesOf(live), name, std::move(mapping), live.cursorName());
    if (unfinished && unfinished->reconciliation) order.reconcile = unfinished->reconciliation->order;
    order.refused_percent = 100;  // of what is put right alone: the comparison counts all
    return std::make_unique<ReconcilePages>(ReconcilePages::Parts{pagesOf(live), parts_.make_keys, std::move(halted)},
                                            name, std::move(mapping), order.reconcile);
}

/// A run that could not even begin is a run: who looks in the morning finds it.
void SyncRunner::notBegun(Job& job, RunTrouble trouble) {
    const LiveConnector& live = *job.live;
    Run begun;
    begun.connector = live.name.text();
    begun.system = live.name.system;
    begun.kind = job.request.kind;
    begun.of = job.request.of;
    begun.terms = live.terms();
    if (begun.kind == RunKind::Reconcile) begun.reconciliation = Reconciliation{orderOf(job).reconcile};
    begun.started_at = parts_.pages.clock.now();
    const auto stop = [&](Run run) {
        run.state = job.isCancelled() ? RunState::Cancelled : RunState::Stopped;
        run.trouble = std::move(trouble);
        run.ended_at = std::max(parts_.pages.clock.now(), run.started_at);
        nameStepOf(run);
        return run;
    };
    if (job.request.dry) {
        const std::lock_guard lock(mutex_);
        dry_[begun.connector] = stop(std::move(begun));
        return;
    }
    PulledPages ledger(pagesOf(live), live.file.head.mapping, {}, live.cursorName());
    Run run = ledger.begin(ledger.unfinished(live.name.text()).value_or(std::move(begun)));
    if (const auto all = ledger.recount(run, {})) run.counts = all->counts;
    parts_.ended(ledger.end(stop(std::move(run))));
}

/// Its connector was suspended or removed: it is ended where it stands, unless it ended since somebody looked.
void SyncRunner::endOrphan(const RunRow& seen) {
    const auto row = parts_.pages.store.reader().run(seen.number);
    if (!row || row->ended) return;
    auto run = readRun(row->body);
    if (!run) return parts_.failed(row->connector, "the row of a run cannot be read");
    PulledPages ledger(parts_.pages, {}, {}, row->connector);
    if (const auto all = ledger.recount(*run, {})) run->counts = all->counts;
    run->state = RunState::Stopped;
    run->trouble = notActive();
    run->ended_at = std::max(parts_.pages.clock.now(), run->started_at);
    parts_.ended(ledger.end(std::move(*run)));
}

}  // namespace caseway
