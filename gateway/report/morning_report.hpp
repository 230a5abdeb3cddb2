// gateway/report/morning_report.hpp - one night as plain values: per department and connector who came, how much, what
// is missing. Made by report_builder.hpp; written by report_{html,json,csv,text}.hpp. No personal data: values in
// refusals are masked where they were refused.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/run.hpp"
#include "gateway/report/both_sides.hpp"
#include "gateway/report/night.hpp"

namespace caseway {

/// From good to bad; a department's is its worst connector's.
enum class NightState {
    OnTime,
    OnDemand,   ///< it has no schedule, and nobody asked for a run
    NotDue,     ///< its schedule names no time in this night
    Suspended,  ///< by a person
    Waiting,    ///< its time has not come, or only just
    Running,
    Late,     ///< came to its end, but began later than it may
    Partial,  ///< began, and did not come to its end
    Absent    ///< was due, and nothing began; or its schedule cannot be read
};
inline constexpr std::array<std::string_view, 9> kNightStateNames{
    "on_time", "on_demand", "not_due", "suspended", "waiting", "running", "late", "partial", "absent"};
constexpr std::string_view nameOf(NightState state) {
    return kNightStateNames[static_cast<std::size_t>(state)];
}
/// Somebody has to look.
constexpr bool isBad(NightState state) {
    return state >= NightState::Late;
}

/// What came of a connector in its night: gateway/report/connector_verdict.hpp.
struct NightVerdict {
    NightState state = NightState::OnDemand;
    bool by_blackout = false;          ///< NotDue, because of a blackout date
    std::size_t due = 0;               ///< runs of the schedule that should have begun by now
    std::size_t began = 0, done = 0;   ///< runs that take from the source, as all that follows
    std::optional<Instant> planned{};  ///< start of the last one that was due
    std::optional<Instant> started{};  ///< of the run that the verdict stands on
    std::optional<Instant> ended{};
    std::optional<RunTrouble> trouble{};  ///< of the last run that did not come to its end
    RunNo troubled = 0;                   ///< that run; 0: the trouble is of none
    /// The last run behind the one that it stands on, where that one was done and this one was not: the night's data
    /// is there, and what somebody asked for since is not. Of what a person cancelled nothing is told.
    RunNo failed_since = 0;
    RunNo under_way = 0;  ///< the last run of the night, where it has not ended
};

/// One of a rule's refusals, to look at: `caseway message show MESSAGE`.
struct RefusalExample {
    std::string message;       ///< id; of one that claims none the index of its leaf
    std::string payload;       ///< the name that the connector gave it: a file, rows; masked where it may be a person's
    std::uint64_t record = 0;  ///< from 1; 0: the payload as a whole
    std::string where, value, hint;
};
inline constexpr std::size_t kExamplesOfRule = 3;
struct RuleCount {
    std::string code;
    std::uint64_t count = 0;  ///< records, or payloads as a whole
    std::string rule{};       ///< in words, of the first one
    std::vector<RefusalExample> examples{};
};
struct RefusalTally {
    std::vector<RuleCount> rules;  ///< most first
    std::uint64_t not_read = 0;    ///< refusals beyond the limit: counted, but not by rule
};

/// How much came, against the nights before.
struct NightVolume {
    std::uint64_t read = 0;             ///< by runs that were done, here and in `before`
    std::vector<std::uint64_t> before;  ///< nights with a finished run, the oldest first
    std::optional<double> median{};     ///< of `before`, where there are enough
    bool jumped = false;
};

enum class DriftKind { Field, Code };
constexpr std::string_view nameOf(DriftKind kind) {
    return kind == DriftKind::Field ? "field" : "code";
}
struct DriftItem {
    DriftKind kind = DriftKind::Field;
    std::string name;  ///< `/case/applicant/kind`; `status=95`
    RunNo run = 0;     ///< in which it was first seen
};

/// A run that the verdict does not stand on: a retry or a reconciliation stands for no planned run, whatever became of
/// it.
struct RunBeside {
    RunNo number = 0;
    RunKind kind = RunKind::Retry;
    RunState state = RunState::Done;
    Instant started{};
    std::optional<Instant> ended{};
    std::uint64_t read = 0, refused = 0;  ///< records, as `caseway sync show` has them
    std::uint64_t payloads_refused = 0;   ///< as a whole, or broken off
    std::optional<BothSides> sides{};     ///< of a reconciliation that compared to the end
    std::optional<RunTrouble> trouble{};
};

/// So many in a row are no chance: the set never stands still while it is read.
inline constexpr std::size_t kNeverWholeRuns = 3;

/// Its schedule starts none before `until`: its last runs failed one behind the other.
struct OpenCircuit {
    unsigned failed = 0;
    std::string code;  ///< of the last failure
    Instant until{};
};

struct ConnectorNight {
    std::string connector;
    NightVerdict verdict;
    RunCounts counts;                         ///< of all its runs of the night that take from the source
    std::vector<RunNo> runs;                  ///< those
    std::vector<RunBeside> beside;            ///< the others, in their order
    std::optional<RunBeside> failed_since{};  ///< that of the verdict
    std::optional<RunWait> wait{};            ///< what keeps a run that began in this night from its next page, now
    /// The last reconciliation that compared to the end, of this night or of the nights that volumes are held against.
    std::optional<RunBeside> compared{};
    RefusalTally refusals;  ///< of `runs`
    /// Those of `runs` of which something was refused that no retry has read once more since.
    std::vector<RunNo> refused_in{};
    std::optional<OpenCircuit> circuit{};  ///< as it is now
    NightVolume volume;
    std::vector<DriftItem> drift;
    std::optional<Instant> last_good{};  ///< end of its last run that took from the source and was done
    std::optional<Instant> newest{};     ///< newest business time that a record of its runs bore
    std::optional<Instant> next{};
    std::optional<Instant> first_began{}, last_ended{};  ///< of `runs`; no end while one is under way
    /// Refused in `runs`, and read once more by a retry since: records, and payloads as a whole.
    std::uint64_t records_tried_again = 0, payloads_tried_again = 0;
    /// Of the last of `runs` in which the source's clock was too far from ours; negative: it was behind.
    std::optional<std::chrono::seconds> clock_ahead{};
    std::optional<WaitingFiles> waiting{};  ///< as the last of `runs` that ended found them
    bool waits_long = false;                ///< one of them did, as that run ended
    std::optional<WaitingFiles> aside{};    ///< in the error folder, as that run found them
    std::size_t never_whole = 0;  ///< so many of its last runs, one behind the other, ended with `set_incomplete`
};

struct DepartmentNight {
    std::string name;   ///< `housing`
    std::string title;  ///< 住房和城乡建设局; may be empty
    NightState state = NightState::OnTime;
    std::vector<ConnectorNight> connectors;  ///< by name
};

/// A morning report that a way did not take: who waits for it does not have it.
struct UnsentReport {
    std::string way;    ///< `mail`, `webhook`
    std::string night;  ///< of which one
    std::uint64_t attempts = 0;
    std::string why;
};

struct MorningReport {
    std::string gateway;
    Night night;
    TimeZone zone;
    Instant made_at{};
    bool is_over = false;                      ///< the night: what is missing will not come any more
    std::vector<DepartmentNight> departments;  ///< by name
    std::vector<UnsentReport> unsent{};        ///< as it stands now; empty in a report that is about to be sent
};

/// All connectors of a report, in its order.
template <class Visit>
void forEachConnector(const MorningReport& report, Visit&& visit) {
    for (const DepartmentNight& department : report.departments)
        for (const ConnectorNight& connector : department.connectors) visit(department, connector);
}

}  // namespace caseway
