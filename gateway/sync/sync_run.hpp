// gateway/sync/sync_run.hpp - one synchronization of one connector: page after page is read, taken and acknowledged, in
// this order, so that a run that is killed anywhere goes on at its page: nothing twice, nothing skipped. Knows no
// store, no mapping and no process: a connector, a ledger and a clock are handed in.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "gateway/base/fault.hpp"
#include "gateway/domain/run.hpp"
#include "gateway/ports/clock.hpp"
#include "gateway/ports/connector.hpp"
#include "gateway/ports/run_ledger.hpp"
#include "gateway/sync/source_gave.hpp"

namespace caseway {

/// Who wants it: that decides what becomes of the deadline of a run that is taken up again.
enum class RunCause {
    Due,     ///< its schedule: until its window closes
    Asked,   ///< a person: to the end, whatever the window says
    Resumed  ///< the gateway found it unfinished: until its own window closes
};

struct RunOrder {
    std::string connector;  ///< `housing/permits/outbox`
    SystemId system;
    RunKind kind = RunKind::Next;
    ReconcileOrder reconcile{};  ///< of kind Reconcile
    RunCause cause = RunCause::Asked;
    Cursor from{};        ///< Since: where it begins
    RunNo of = 0;         ///< Retry: of which run
    std::string reads{};  ///< what its cursors belong to
    std::string terms{};  ///< a digest of settings and mapping: a run that began with others is ended
    bool has_fault =
        false;  ///< Resumed by the process that had begun it, after a fault of the store: nobody was killed
    /// From when its length is counted, where this process had it under way before: as Parts::counted_from told it.
    std::optional<std::chrono::steady_clock::time_point> counted_from{};
    PageLimits page{};
    std::optional<Instant> deadline{};              ///< no page is begun behind it, whoever sets the clock
    std::optional<std::chrono::seconds> longest{};  ///< nor once it ran so long; asked by a person: since then
    unsigned refused_percent = 100;                 ///< more of what was read refused: it ends
    std::uint64_t payload_bytes = 1ULL << 32;       ///< of one payload at most
};

/// How often a call is tried again that failed with nobody to blame, and how long is waited before each: doubled from
/// the first to the last, a quarter of it by chance, or as long as the other side asked for.
struct RetryPolicy {
    unsigned attempts = 6;
    std::chrono::milliseconds first{1000};
    std::chrono::milliseconds most{60'000};
    unsigned attempts_after_system_fault = 2;  ///< a plug-in that crashed is started again
    unsigned attempts_of_payload = 3;          ///< that the store cannot apply, before it is parked
    bool is_probe = false;  ///< until the first page is taken a fault of the connector ends the run at once
};

class SyncRun {
public:
    using SteadyTime = std::chrono::steady_clock::time_point;
    struct Parts {
        Connector& connector;
        RunLedger& ledger;
        const Clock& clock;
        /// Waits, at most so long; false: the process stops. Called with zero to ask.
        std::function<bool(std::chrono::milliseconds)> pause;
        /// The same before its source is asked again: it may come back later than that. None: `pause`.
        std::function<bool(std::chrono::milliseconds)> rest{};
        std::function<bool()> cancelled = [] { return false; };
        /// Why nobody wants it any more: it ends behind its page with these words.
        std::function<std::optional<RunTrouble>()> withdrawn = [] { return std::nullopt; };
        std::function<void(const Run&)> progress = [](const Run&) {};  ///< once it has begun, after each page
        /// Before each wait for a next attempt, without `since`; nothing once the source answered behind one. A page
        /// that was taken ends any.
        std::function<void(const std::optional<RunWait>&)> waits = [](const std::optional<RunWait>&) {};
        RetryPolicy retries{};
        /// By which it is counted how long a run takes: nobody sets this clock, unlike the time of day.
        std::function<SteadyTime()> steady = [] { return std::chrono::steady_clock::now(); };
        /// Once it has begun: from when its length is counted. For the order that takes it up again in this process.
        std::function<void(SteadyTime)> counted_from = [](SteadyTime) {};
    };
    explicit SyncRun(Parts parts) : parts_(std::move(parts)) {}

    /// Goes on with the connector's unfinished run where there is one; of cause Resumed it does nothing where there is
    /// none, and returns a run without a number. Returns the run as it ended, or Running where
    /// the process stops: the next start takes it up. Throws Fault where the store does not take it, or is broken: the
    /// run stays unfinished then.
    Run carryOut(const RunOrder& order);

private:
    struct Stop;  ///< thrown inside: the run ends here
    bool settle(Run& run);
    void judge(const RunOrder& order, Run& run, std::optional<Instant> newest);
    static void endBy(const Stop& stop, Run& run);
    void acknowledge(const Run& run, const Cursor& cursor);
    Run beginOrResume(const RunOrder& order, Cursor& cursor);
    void readAll(const RunOrder& order, Run& run, Cursor cursor);
    void beginAgain(std::vector<std::string>& early, std::string why);
    PageEnd readPage(const RunOrder& order, const Run& run, const Cursor& cursor, PulledPage& page);
    void checkPage(const Cursor& cursor, const PageEnd& end, const PulledPage& page);
    PageTaken take(Run& run, PulledPage& page);
    static constexpr std::uint64_t kKillsBeforeParked = 3;  ///< a payload; a reconciliation as a whole, too
    PageTaken takeOnce(Run& run, PulledPage& page);
    void tryAlone(Run& run, PulledPage& page);
    void countTakeUp(const RunOrder& order, Run& run);
    SteadyTime countedFrom(const RunOrder& order, const Run& run) const;
    void leaveInOrder(Run& run);
    template <class Call>
    void tried(Call&& call);
    void waitBefore(unsigned attempt, std::chrono::milliseconds asked, RunTrouble why, bool rests = false);
    void mayGoOn();
    void mayBeWanted();
    bool isHalted() const { return parts_.cancelled() || parts_.withdrawn(); }
    void mayTakeLonger(std::chrono::milliseconds wait, const std::string& why);

    Parts parts_;
    std::optional<Instant> deadline_;     ///< of the run that is carried out
    std::optional<SteadyTime> too_long_;  ///< from then on
    std::chrono::seconds longest_{};
    std::unordered_set<std::uint64_t> seen_;  ///< cursors of this pass
    SourceGave given_{};
    std::uint64_t chance_ = 0;
};

}  // namespace caseway
