// gateway/daemon/run_watch.hpp - looks at every run that has ended, once: figures for Prometheus, and what was seen of
// its connector for the first time, which the store keeps for the morning report. A run never waits for it but by the
// thread that it ended on.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/daemon/live_connectors.hpp"
#include "gateway/ports/clock.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/report/connector_sights.hpp"
#include "gateway/report/morning_report.hpp"
#include "gateway/report/run_sights.hpp"

namespace caseway {

inline constexpr std::size_t kMostConnectorsShown = 500;   ///< in figures; the others are only counted
inline constexpr std::size_t kMostRefusalCodesShown = 60;  ///< the others are `other`

/// What the morning report says of it: gateway/daemon/night_figures.hpp.
struct NightFigure {
    NightState state = NightState::OnDemand;
    bool has_jumped = false;                     ///< its volume
    std::optional<Instant> next{};               ///< start of its next run
    std::optional<std::uint64_t> source_says{};  ///< records of its whole set
    std::optional<RunBeside> compared{};         ///< its last reconciliation, of two weeks
};

using RunsBeside = std::map<std::pair<RunKind, RunState>, std::uint64_t>;

/// Of one live connector, now. Runs are those that take from the source; `beside` has the others.
struct ConnectorFigures {
    std::string connector;
    std::optional<RunState> last{};         ///< of its last run that ended
    std::string reason{};                   ///< of it: code of its trouble; empty: it came to its end
    std::optional<Instant> last_good{};     ///< when its last good one ended; Instant{}: none of those looked at was
    std::optional<WaitingFiles> waiting{};  ///< as that run found them
    std::optional<WaitingFiles> aside{};    ///< in its error folder, likewise
    bool is_overdue = false;
    std::optional<NightFigure> night{};                       ///< nothing: not known now
    std::size_t drift = 0;                                    ///< names first seen in this night
    std::optional<Instant> newest{};                          ///< business time
    std::array<std::uint64_t, kRunStateNames.size()> runs{};  ///< ended since the start, by state
    RunCounts counts;                                         ///< of them
    RunsBeside beside;  ///< retries and reconciliations that ended since the start
};
struct RunFigures {
    std::vector<ConnectorFigures> connectors;       ///< at most kMostConnectorsShown
    std::size_t not_shown = 0;                      ///< beyond them, or unreadable now
    std::map<std::string, std::uint64_t> refusals;  ///< since the start, by rule
};

/// Callable concurrently; of one connector only one run ends at a time.
class RunWatch {
public:
    struct Parts {
        StoreReader& reader;
        const Clock& clock;
        TimeZone zone;  ///< of the nights
        std::chrono::seconds late_after;
        std::function<std::unique_ptr<ByteSource>(const std::string& file)> open_body;
        std::function<void(const std::string& name, const std::string& body)> keep;  ///< a note; throws Fault
    };
    explicit RunWatch(Parts parts) : parts_(std::move(parts)) {}

    /// The connectors that are live now.
    void watch(const LiveConnectors& live);
    /// A run has its leaf. What goes wrong here is told in the operating log; the next run makes it up.
    void ended(const Run& run);
    /// Never throws Fault: what cannot be read now is not shown.
    RunFigures figures() const;

private:
    struct Watched {
        std::shared_ptr<const LiveConnector> live;
        Instant since{};
        std::optional<Instant> last_good;  ///< nothing: not known
        std::shared_ptr<const ConnectorSights> sights = std::make_shared<const ConnectorSights>();
        std::array<std::uint64_t, kRunStateNames.size()> runs{};
        RunCounts counts;
        RunsBeside beside;
    };
    struct LastRuns {
        std::optional<Run> newest;
        std::optional<RunState> ended;
        std::string reason;  ///< of the one that ended
        std::optional<WaitingFiles> waiting, aside;
    };
    LastRuns lastRunsOf(const std::string& connector) const;
    void look(const std::string& connector);
    void countRefusals(const Run& run);
    ConnectorSights sightsOf(const std::string& connector) const;
    Instant lastGoodOf(const std::string& connector) const;
    Watched readStanding(const std::string& connector) const;
    ConnectorFigures figuresOf(const std::string& connector, const Watched& watched, Instant now) const;

    Parts parts_;
    mutable std::mutex mutex_;
    std::map<std::string, Watched, std::less<>> watched_;
    std::map<std::string, std::uint64_t> refusals_;
};

}  // namespace caseway
