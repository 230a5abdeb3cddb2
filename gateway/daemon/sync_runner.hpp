// gateway/daemon/sync_runner.hpp - runs connectors: those that are due, those that a person asks for, and those that a
// crash interrupted. A few at once, fairly among departments; one run of a connector at a time. Who fails again and
// again is left alone for a while (sync/circuit.hpp).
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateway/daemon/live_connectors.hpp"
#include "gateway/daemon/owed_notes.hpp"
#include "gateway/daemon/passed_over.hpp"
#include "gateway/daemon/run_request.hpp"
#include "gateway/log/store_source.hpp"
#include "gateway/pipeline/reconcile_pages.hpp"
#include "gateway/register/connector_hold.hpp"
#include "gateway/sync/circuit.hpp"
#include "gateway/sync/missed_runs.hpp"
#include "gateway/sync/run_trouble.hpp"
#include "gateway/sync/sync_run.hpp"

namespace caseway {

/// What runs and waits now, for people.
struct SyncStatus {
    struct Line {
        std::string connector;
        std::optional<Run> running{};
        bool waits = false, busy = false;                ///< to begin; under way
        bool is_dry = false;                             ///< what waits or is under way writes nothing
        std::optional<RunWait> wait{};                   ///< what keeps its run from its next page
        std::optional<std::chrono::sys_seconds> next{};  ///< by its schedule
        std::optional<Run> dry{};                        ///< the last one that wrote nothing
        Circuit circuit{};
        PassedOverCounts passed_over{};
    };
    std::vector<Line> connectors;  ///< all that are live, by name
    HeldConnectors held{};         ///< that would be, but for what holds them
    Instant at{};
};

/// Callable concurrently.
class SyncRunner {
public:
    struct Parts {
        const Settings& settings;
        const ConnectorTypes& types;
        PulledPages::Parts pages;
        KeySetMaker make_keys;
        BodyOpener open_body;
        std::function<void(const Run&)> ended;  ///< told once it is in the log
        std::function<void(const std::string& connector, const std::string& fault)> failed;
        std::chrono::milliseconds after_failure{60'000};  ///< before a run that the store did not take is tried again
        PassedOverTeller passed_over = tellPassedOver;    ///< told of each time at which no run begins
        std::chrono::milliseconds rests_from{30'000};     ///< a run that waits so long for its source holds no slot
    };
    explicit SyncRunner(Parts parts);
    ~SyncRunner() { stop(); }

    /// The register as it stands now. A run that is under way ends behind its page where its connector is not there any
    /// more (connector_not_active), or has other settings or another mapping (settings_changed).
    /// `held`: why the others run nothing.
    void takeUp(LiveConnectors live, HeldConnectors held = {});
    /// Starts what is due, and what a crash left unfinished. Once a second or so.
    void tick();
    /// One of which everybody can read that it ended is not in the way of the next: that waits the moments until its
    /// thread is free. A request of the kind Next goes on with an unfinished run. Refusals: connector_not_active,
    /// run_under_way, those of judgeRequest.
    Result<Done> start(const std::string& connector, const RunRequest& request);
    /// Ends behind the page that it is at. Refusals: connector_unknown; run_unknown: none runs or waits.
    Result<Done> cancel(const std::string& connector);
    SyncStatus status() const;
    /// What keeps runs that have not ended from their next page, by connector; of a dry one nothing is told.
    RunWaits waits() const;
    /// Runs end behind their page and are taken up by the next start. Idempotent.
    void stop();

private:
    /// What became of the connector while its run was under way.
    enum class Withdrawal { None, NotActive, Changed };
    struct Job {
        std::shared_ptr<const LiveConnector> live;
        RunRequest request{};
        RunCause cause = RunCause::Asked;
        Cursor from{};                        ///< Since
        std::optional<PlannedRun> planned{};  ///< Due
        bool has_fault = false;               ///< the store did not take it before, in this process
        std::optional<SyncRun::SteadyTime> counted_from{};  ///< how long it runs
        bool is_probe = false;                ///< its circuit is half-open: one attempt a call
        std::optional<Run> seen{};            ///< as it stood behind its last page; nothing: it has not begun
        std::optional<RunWait> wait{};        ///< what keeps it from its next page
        bool rests = false;                   ///< it runs, and has given its slot back
        std::atomic<bool> running{false}, cancelled{false};
        std::atomic<bool> ends_first{false};  ///< the unfinished run was cancelled: it ends before this one begins
        std::atomic<Withdrawal> withdrawn{Withdrawal::None};
        /// What it carries out is to end as cancelled.
        bool isCancelled() const { return cancelled || ends_first; }
        bool isHalted() const { return isCancelled() || withdrawn != Withdrawal::None; }
    };
    using JobPtr = std::shared_ptr<Job>;
    /// The store did not take a run: it is taken up again a while later.
    struct Failure {
        std::chrono::steady_clock::time_point at;
        RunWait wait;
        bool is_cancelled = false;  ///< by a person: that it ended could not be written yet
        std::optional<SyncRun::SteadyTime> counted_from{};  ///< how long it runs; nothing: it had not begun
    };
    struct Owed {
        PlannedRun planned;
        std::optional<PassedOver> held{};  ///< what kept it from beginning at its time
    };

    void work();
    JobPtr takeFairly();
    JobPtr chooseFairly();
    std::size_t mostOfOneDepartment() const;
    bool mayRest(Job& job);
    void afterRun(const JobPtr& job, std::optional<RunTrouble> failed_by);
    void letEnd(const std::string& connector);
    void carryOut(Job& job);
    void leaveDue(const Job& job);
    void carryOutDry(Job& job, Connector& connector, ShelvedMapping mapping, RunOrder order);
    void tellDryLocked(const Job& job, std::optional<RunTrouble> failed_by);
    void tellEnd(Job& job, const Run& run);
    Run carryOutWith(Job& job, Connector& connector, RunLedger& ledger, RunOrder order);
    RunOrder orderOf(const Job& job) const;
    PulledPages::Parts pagesOf(const LiveConnector& live) const;
    std::unique_ptr<RunLedger> ledgerFor(RunOrder& order, const std::optional<Run>& unfinished, ShelvedMapping mapping,
                                         const LiveConnector& live, std::function<bool()> halted) const;
    void endOrphan(const RunRow& seen);
    void notBegun(Job& job, RunTrouble trouble);
    bool enqueueLocked(JobPtr job);
    Refusal unknownLocked(const std::string& connector) const;
    void noteDue(Instant now);
    void startOwed(Instant now);
    void noteDueOf(const LiveConnector& live, Instant& last_due, Instant now);
    std::optional<PassedOver> heldBy(const std::string& connector) const;
    bool isTooLate(const Job& job, Instant now);
    void tellNotBegun();
    bool hasJustFailed(const std::string& connector) const;
    Circuit circuitNow(const LiveConnector& live) const;
    Instant lastDueOf(const LiveConnector& live);
    std::optional<PlannedRun> nextOf(const LiveConnector& live, Instant behind) const;
    void keepOwed();
    bool pause(const Job& job, std::chrono::milliseconds time);
    bool rest(Job& job, std::chrono::milliseconds time);

    Parts parts_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    LiveConnectors live_;
    HeldConnectors held_;
    std::map<std::string, Instant, std::less<>> last_due_;
    std::map<std::string, Failure, std::less<>> failed_at_;
    std::map<std::string, std::deque<Owed>, std::less<>> owed_;  ///< due, and not begun yet
    OwedNotes owed_notes_{parts_.pages.store, parts_.pages.committer};
    PassedOverBook passed_over_;
    std::map<std::string, Circuit, std::less<>> circuits_;
    std::map<std::string, Run, std::less<>> dry_;
    bool has_register_ = false;
    std::deque<JobPtr> waiting_;  ///< for a slot, in the order in which they were asked for or have rested
    std::map<std::string, JobPtr, std::less<>> jobs_;  ///< waiting and running, by connector
    std::atomic<bool> stopping_{false};
    std::vector<std::thread> threads_;
};

}  // namespace caseway
