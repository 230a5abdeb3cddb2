// gateway/sync/sync_run.cpp - the loop over pages, and what ends it.
#include "gateway/sync/sync_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "gateway/formats/text/said_text.hpp"
#include "gateway/sync/page_collector.hpp"
#include "gateway/sync/refusal_verdict.hpp"
#include "gateway/sync/run_trouble.hpp"
#include "gateway/sync/run_verdict.hpp"

namespace caseway {
namespace {

constexpr std::chrono::hours kLongestAsked{1};
constexpr std::string_view kResting = "connector_resting";  ///< of a plug-in that failed just before
constexpr std::size_t kKeptCursor = 4096;                   ///< of a cursor that stands in a run's row, for `--since`
constexpr unsigned kPassesMost = 2;                         ///< over a source that ends early
constexpr unsigned kEmptyPages = 1000;                      ///< in a row, each with a cursor of its own
constexpr std::size_t kTriedWithPatience = 20;  ///< payloads of a page; the others are parked at their first fault

bool mayPass(const Fault& fault) {
    return fault.isTransient() || fault.code() == FaultCode::FileUnavailable;
}

}  // namespace

/// How the run ends before its source does. Without a state: the process stops, the run stays unfinished.
struct SyncRun::Stop {
    std::optional<RunState> state{};
    std::optional<RunTrouble> trouble{};
};

Run SyncRun::carryOut(const RunOrder& order) {
    seen_.clear();
    Cursor cursor;
    const auto newest = parts_.ledger.newestTime();
    Run run = beginOrResume(order, cursor);
    if (run.number == 0 && order.cause == RunCause::Resumed) return run;
    given_ = SourceGave::soFar(run, cursor.empty());
    deadline_ = run.ends_by;
    longest_ = order.longest.value_or(std::chrono::seconds(0));
    const SteadyTime from = countedFrom(order, run);
    too_long_ = order.longest ? std::optional(from + longest_) : std::nullopt;
    parts_.counted_from(from);
    parts_.progress(run);
    chance_ = std::hash<std::string>()(run.connector) ^ run.number;
    if (run.state == RunState::Running) {
        try {
            readAll(order, run, std::move(cursor));
            run.state = RunState::Done;
        } catch (const Stop& stop) {
            if (!stop.state) {
                leaveInOrder(run);
                return run;
            }
            endBy(stop, run);
        }
        run.gave = given_;
        run = parts_.ledger.begin(std::move(run));  // how it ended is kept: a start in between reads no further
    }
    const auto stopping = [this] { return !parts_.pause(std::chrono::milliseconds(0)); };
    auto all = parts_.ledger.recount(run, [&] { return stopping() || isHalted(); });
    if (!all && stopping()) return run;
    const bool is_open = !all;
    if (is_open) all = parts_.ledger.recount(run, {});  // not wanted: without what still waits to be applied
    run.counts = all->counts;
    if (given_.total) run.counts.source_says = given_.total;  // also behind its last page, of which nothing is kept
    const bool knows_all = !is_open && takesFromSource(run.kind);  // what was passed over as well
    if (knows_all && all->passed_over) given_.mapped = run.counts.read + *all->passed_over;
    if (!settle(run)) return run;
    judge(order, run, newest);
    given_.tell(run);
    run.kills = {};
    run.gave.reset();
    run.ended_at = std::max(parts_.clock.now(), run.started_at);  // a clock may be set back
    return parts_.ledger.end(std::move(run));
}

/// False: the process stops.
bool SyncRun::settle(Run& run) {
    if (run.kind != RunKind::Reconcile || run.state != RunState::Done) return true;
    const auto stopping = [this] { return !parts_.pause(std::chrono::milliseconds(0)); };
    Patience patience;
    patience.halted = [&] { return stopping() || isHalted(); };
    patience.again = [this](unsigned attempt, const Fault& fault) {
        if (attempt >= parts_.retries.attempts) return false;
        waitBefore(attempt, {}, troubleOfOurs(fault));
        return true;
    };
    try {
        if (parts_.ledger.settle(run, patience)) return true;
        if (stopping()) return false;
        mayBeWanted();
        run.state = RunState::Cancelled;
    } catch (const Stop& stop) {
        if (!stop.state) return false;
        endBy(stop, run);
    }
    return true;
}

void SyncRun::endBy(const Stop& stop, Run& run) {
    run.state = *stop.state;
    run.trouble = stop.trouble;
    if (run.kind != RunKind::Reconcile || !run.trouble) return;
    if (run.state == RunState::Overdue)
        run.trouble->next_step = "run it again: it begins anew, and nothing was marked; give it more time";
    else
        beginsAnew(*run.trouble);
}

/// Who only compares tells the source nothing: its own runs go on where they were.
void SyncRun::acknowledge(const Run& run, const Cursor& cursor) {
    if (run.kind != RunKind::Reconcile) tried([&] { parts_.connector.acknowledge(cursor); });
}

Run SyncRun::beginOrResume(const RunOrder& order, Cursor& cursor) {
    const auto beginningOf = [](const Run& run, Cursor stood) {
        return run.kind == RunKind::Next ? stood : run.kind == RunKind::Since ? run.from : Cursor();
    };
    if (auto unfinished = parts_.ledger.unfinished(order.connector)) {
        Run run = std::move(*unfinished);
        ++run.resumed;
        countTakeUp(order, run);
        const bool has_other_terms = !run.terms.empty() && !order.terms.empty() && run.terms != order.terms;
        if (run.state == RunState::Running && has_other_terms) {
            run.state = RunState::Stopped;
            run.trouble = settingsChanged();
            return parts_.ledger.begin(std::move(run));
        }
        if (order.cause != RunCause::Resumed) run.ends_by = order.deadline;
        if (run.kind == RunKind::Reconcile) {  // what was seen before is not known any more: it looks again
            run.reconciliation = Reconciliation{run.reconciliation.value_or(Reconciliation{}).order};
            if (run.state == RunState::Done) run.state = RunState::Running;
            return parts_.ledger.begin(std::move(run));
        }
        cursor = parts_.ledger.cursorOf(order.connector);
        if (run.pages == 0) cursor = beginningOf(run, std::move(cursor));
        return parts_.ledger.begin(std::move(run));
    }
    Run run;
    if (order.cause == RunCause::Resumed) return run;  // it ended, or is gone, since somebody looked
    run.connector = order.connector;
    run.system = order.system;
    run.kind = order.kind;
    if (run.kind == RunKind::Reconcile) run.reconciliation = Reconciliation{order.reconcile};
    run.of = order.of;
    run.from = order.from;
    run.reads = order.reads;
    run.terms = order.terms;
    run.ends_by = order.deadline;
    run.started_at = parts_.clock.now();
    run.stood = parts_.ledger.cursorOf(order.connector);
    cursor = beginningOf(run, run.stood);
    if (run.stood.size() > kKeptCursor) run.reads.clear(), run.stood.clear();  // no `--since` goes back to here
    return parts_.ledger.begin(std::move(run));
}

/// The process was killed at this page. Each of its payloads is written down, and then tried alone: one that is found
/// written down often enough is what kills.
void SyncRun::tryAlone(Run& run, PulledPage& page) {
    RunKills& kills = run.kills;
    const std::string suspect = kills.trying;
    const std::uint64_t tries = kills.tries;
    for (std::size_t part = 0; part < page.payloads.size(); ++part) {
        PulledPayload& payload = page.payloads[part];
        const std::string identity = payload.body->identity();
        const bool is_known = std::find(kills.parked.begin(), kills.parked.end(), identity) != kills.parked.end();
        const bool kills_now = identity == suspect && tries + 1 >= kKillsBeforeParked;
        if (kills_now && !is_known) kills.parked.push_back(identity);
        if (kills_now || is_known) {
            payload.parked = parkedForKills(kKillsBeforeParked);
            continue;
        }
        kills.tries = identity == suspect ? tries + 1 : 1;
        kills.trying = identity;
        parts_.ledger.begin(run);
        parts_.ledger.rehearse(run, page, part);
        mayGoOn();
    }
    if (page.payloads.size() == 1) return;  // it stays written down until its page is durable
    run.kills.trying.clear();
    run.kills.tries = 0;
    parts_.ledger.begin(run);
}

/// The next start need not look for what killed the process: nothing did.
void SyncRun::leaveInOrder(Run& run) {
    try {
        run.kills.has_left = true;
        run.kills.trying.clear();
        run.kills.tries = 0;
        parts_.ledger.begin(run);
    } catch (const Fault&) {  // then it looks
    }
}

void SyncRun::readAll(const RunOrder& order, Run& run, Cursor cursor) {
    mayGoOn();
    // A former run may have been killed between its last commit and telling the source. A given cursor tells nothing.
    if (!cursor.empty() && (run.kind == RunKind::Next || run.pages != 0)) acknowledge(run, cursor);
    unsigned empty_pages = 0;
    std::vector<std::string> early;  // why each pass that ended before its time did
    while (true) {
        mayGoOn();
        PulledPage page;
        page.number = run.pages + 1;
        page.from = cursor;
        const PageEnd end = readPage(order, run, cursor, page);
        given_.note(end, page);
        if (auto trouble = given_.withoutEnd()) throw Stop{RunState::Stopped, std::move(trouble)};
        // How many there are, if none comes, and what is not given.
        const bool is_told = run.kind == RunKind::Reconcile && (end.source_total || !end.withheld.empty());
        const bool is_early = !end.ended_early.empty() && run.kind != RunKind::Reconcile;
        if (page.payloads.empty() && end.last && end.next == cursor && !is_told && !is_early) return;
        checkPage(cursor, end, page);
        empty_pages = page.payloads.empty() ? empty_pages + 1 : 0;
        if (empty_pages > kEmptyPages)
            throw Stop{RunState::Stopped,
                       RunTrouble{"system",
                                  "pages_without_end",
                                  {},
                                  fmt::format("{} pages in a row without anything in them", empty_pages - 1),
                                  "look at what the source answers: caseway connector test"}};
        page.next = end.next;
        page.source_says = end.source_total;
        page.withheld = saidText(end.withheld);
        page.ends_pass = is_early;
        if (is_early) given_.is_whole = false;
        const PageTaken taken = take(run, page);
        ++run.pages;
        if (run.kind != RunKind::Reconcile) run.kills = {};
        run.counts.add(taken.counts);
        parts_.retries.is_probe = false;  // it answers again
        if (taken.compared) run.reconciliation = taken.compared;
        cursor = end.next;
        parts_.progress(run);
        acknowledge(run, cursor);
        if (is_early) beginAgain(early, saidText(end.ended_early));
        if (end.last && !is_early) return;
        if (auto trouble = tooMuchRefused(order.refused_percent, run, {}, false))
            throw Stop{RunState::Partial, std::move(trouble)};
    }
}

/// The source may have been disturbed for a moment. Where it stands is the begin of the pass, also for the next run.
void SyncRun::beginAgain(std::vector<std::string>& early, std::string why) {
    early.push_back(std::move(why));
    RunTrouble incomplete = setIncomplete("transient", ofPasses(early));
    const auto passes = static_cast<unsigned>(early.size());
    if (passes >= kPassesMost) throw Stop{RunState::Stopped, std::move(incomplete)};
    seen_.clear();
    waitBefore(passes, {}, std::move(incomplete));
}

PageEnd SyncRun::readPage(const RunOrder& order, const Run& run, const Cursor& cursor, PulledPage& page) {
    PageEnd end;
    PageLimits limits = order.page;
    limits.judges_absence = run.kind == RunKind::Reconcile;
    tried([&] {
        PulledPage got;  // nothing of a broken one is kept while it waits
        PageCollector collector(parts_.ledger, got, {order.payload_bytes, 2 * order.page.bytes});
        end = countable(parts_.connector.read(cursor, limits, collector));
        page.payloads = std::move(got.payloads);
    });
    return end;
}

void SyncRun::checkPage(const Cursor& cursor, const PageEnd& end, const PulledPage& page) {
    const auto stopped = [](std::string code, std::string message, std::string next_step) {
        return Stop{RunState::Stopped,
                    RunTrouble{"system", std::move(code), {}, std::move(message), std::move(next_step)}};
    };
    std::uint64_t counted = 0;
    for (const PulledPayload& payload : page.payloads) counted += payload.head.records;
    if (counted != 0 && counted != end.records)
        throw stopped("page_counts_differ",
                      fmt::format("the page tells {} records, its payloads {}", end.records, counted),
                      "the connector counts wrongly: caseway connector verify");
    if (end.next.size() > kCursorBytesMax)
        throw stopped("cursor_too_long",
                      fmt::format("a cursor of {} bytes, at most {}", end.next.size(), kCursorBytesMax),
                      "the connector must keep its state shorter");
    if (end.last) return;
    if (end.next == cursor)
        throw stopped("cursor_stuck", "the source has more, and its cursor stays where it was",
                      "look at what the source answers: caseway connector test");
    if (!seen_.insert(std::hash<std::string>()(end.next)).second)
        throw stopped("cursor_repeats", "the source came back to a cursor of this run: its pages go round in a circle",
                      "look at what the source answers: caseway connector test");
}

/// What the source gave with this page is kept with it alone: until it is durable it will be read, and counted, again.
PageTaken SyncRun::takeOnce(Run& run, PulledPage& page) {
    auto before = std::exchange(run.gave, given_);
    try {
        return parts_.ledger.take(run, page);
    } catch (...) {
        run.gave = std::move(before);
        throw;
    }
}

/// The page is kept as it is until the store takes it: a full disk in the night may be mended in the night. A payload
/// that can never be applied is parked, so that it holds back neither its page nor what stands behind it.
PageTaken SyncRun::take(Run& run, PulledPage& page) {
    if (run.kills.taken_up != 0 && run.kind != RunKind::Reconcile) tryAlone(run, page);
    std::map<std::size_t, unsigned> poisoned;  // payload to how often it kept the page out
    for (unsigned attempt = 1;;) {
        RunTrouble why;
        try {
            return takeOnce(run, page);
        } catch (const ConnectorFault& fault) {
            throw Stop{RunState::Stopped, troubleOf(fault)};
        } catch (const PayloadFault& fault) {
            PulledPayload& payload = page.payloads.at(fault.part());
            if (payload.parked) throw;  // it is not the payload
            const bool is_last =
                poisoned.size() > kTriedWithPatience || ++poisoned[fault.part()] >= parts_.retries.attempts_of_payload;
            if (is_last) payload.parked = parkedBecause(fault);
            mayGoOn();
            continue;
        } catch (const Fault& fault) {
            if (!fault.isTransient() || attempt >= parts_.retries.attempts) throw;
            why = troubleOfOurs(fault);
        }
        waitBefore(attempt++, {}, std::move(why));
    }
}

template <class Call>
void SyncRun::tried(Call&& call) {
    std::optional<ConnectorFault> cause;  // the last fault that is more than the rest after it
    for (unsigned attempt = 1;; ++attempt) {
        std::chrono::milliseconds asked{};
        RunTrouble why;
        try {
            call();
            return attempt > 1 ? parts_.waits(std::nullopt) : void();
        } catch (const ConnectorFault& fault) {
            if (!cause || fault.parts().code != kResting) cause.emplace(fault);
            const unsigned most = parts_.retries.is_probe                         ? 1
                                  : fault.kind() == ConnectorFaultKind::Transient ? parts_.retries.attempts
                                  : fault.kind() == ConnectorFaultKind::System
                                      ? parts_.retries.attempts_after_system_fault
                                      : 1;
            const bool is_read = cause->parts().code == kFileRefused;
            if (attempt >= most) throw Stop{is_read ? RunState::Partial : RunState::Stopped, givenUp(*cause, attempt)};
            why = troubleOf(fault);
            if (fault.parts().retry_after)
                asked = std::min<std::chrono::seconds>(*fault.parts().retry_after, kLongestAsked);
        } catch (const Fault& fault) {  // ours: the disk for what comes in
            if (!mayPass(fault) || attempt >= parts_.retries.attempts) throw;
            why = troubleOfOurs(fault);
        } catch (const std::exception& error) {
            throw Stop{RunState::Stopped, troubleOf(error)};
        }
        waitBefore(attempt, asked, std::move(why), true);
    }
}

void SyncRun::waitBefore(unsigned attempt, std::chrono::milliseconds asked, RunTrouble why, bool rests) {
    auto wait = parts_.retries.first;
    for (unsigned i = 1; i < attempt && wait < parts_.retries.most; ++i) wait *= 2;
    wait = std::min(wait, parts_.retries.most);
    chance_ = chance_ * 6364136223846793005ULL + 1442695040888963407ULL;
    wait += std::chrono::milliseconds(static_cast<std::int64_t>(chance_ >> 33) % (wait.count() / 4 + 1));
    wait = std::max(wait, asked);
    mayTakeLonger(wait, fmt::format("its time would be over before the next attempt after {}", why.code));
    parts_.waits(RunWait{std::move(why), parts_.clock.now() + wait, {}});
    const bool goes_on = (rests && parts_.rest ? parts_.rest : parts_.pause)(wait);
    if (!goes_on) throw Stop{};
    mayBeWanted();
    if (rests) mayTakeLonger({}, "its time was over before it had its turn again");
}

void SyncRun::mayGoOn() {
    if (!parts_.pause(std::chrono::milliseconds(0))) throw Stop{};
    mayBeWanted();
    mayTakeLonger({}, "its time was over before the source's end");
}

void SyncRun::mayBeWanted() {
    if (parts_.cancelled()) throw Stop{RunState::Cancelled, {}};
    if (auto why = parts_.withdrawn()) throw Stop{RunState::Stopped, std::move(why)};
}

void SyncRun::mayTakeLonger(std::chrono::milliseconds wait, const std::string& why) {
    if (deadline_ && parts_.clock.now() + wait >= *deadline_) throw Stop{RunState::Overdue, overdue(why)};
    if (too_long_ && parts_.steady() + wait >= *too_long_) throw Stop{RunState::Overdue, tooLong(longest_)};
}

}  // namespace caseway
