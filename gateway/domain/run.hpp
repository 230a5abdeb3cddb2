// gateway/domain/run.hpp - one synchronization of one connector as plain values: what it was to do, how it ended, and
// counts that must add up.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/ids.hpp"
#include "gateway/base/time.hpp"
#include "gateway/domain/outcome.hpp"
#include "gateway/domain/reconciliation.hpp"
#include "gateway/domain/run_gave.hpp"
#include "gateway/domain/waiting_files.hpp"

namespace caseway {

using RunNo = std::uint64_t;  ///< number of a run, from 1, without gaps

enum class RunKind {
    Next,      ///< from where the last one ended
    Full,      ///< from the beginning
    Since,     ///< from a cursor that somebody gave, or from where reading stood at some time
    Retry,     ///< what a former run kept and could not take, mapped again; the source is not asked
    Reconcile  ///< from the beginning, beside what we have; the source is told nothing, the cursor stays
};
inline constexpr std::array<std::string_view, 5> kRunKindNames{"next", "full", "since", "retry", "reconcile"};
constexpr std::string_view nameOf(RunKind kind) {
    return kRunKindNames[static_cast<std::size_t>(kind)];
}

/// Whether a run of this kind asks the source for what it has up to now, as a planned one does: who judges whether a
/// department came counts no others. A retry asks for nothing, and a reconciliation takes nothing over for good.
constexpr bool takesFromSource(RunKind kind) {
    return kind == RunKind::Next || kind == RunKind::Full || kind == RunKind::Since;
}

enum class RunState {
    Running,
    Done,       ///< to the end of what the source had
    Stopped,    ///< by a fault that somebody has to act upon, or that lasted too long
    Cancelled,  ///< by a person
    Overdue,    ///< its time was over
    Partial     ///< something is left that somebody has to look at: payloads that were parked, refused or broke off, or
                ///< too much was refused
};
inline constexpr std::array<std::string_view, 6> kRunStateNames{"running",   "done",    "stopped",
                                                                "cancelled", "overdue", "partial"};
constexpr std::string_view nameOf(RunState state) {
    return kRunStateNames[static_cast<std::size_t>(state)];
}

/// Of a run or of one of its pages: read = new + changed + same + stale + refused.
struct RunCounts {
    std::uint64_t read = 0;  ///< records that the mapping found: each payload is held to it (pipeline/counted.hpp)
    RecordCounts records;
    std::uint64_t payloads = 0;
    std::uint64_t payloads_refused = 0;  ///< as a whole or from where they broke off: kept, the run went on behind them
    std::uint64_t parked = 0;            ///< payloads that could not be applied: kept, to be tried again
    std::optional<std::uint64_t> source_says{};  ///< the source's own count of its whole set, where it has one
    std::uint64_t doubled =
        0;  ///< of `changed`: another record of their number in the run says otherwise, none is newer
    std::string doubled_such{};  ///< the first such number, masked

    bool addUp() const { return read == records.total(); }
    /// Of a message that was taken before with these counts: nothing of it is new, and what was refused still is.
    static RecordCounts ofKnown(const RecordCounts& first) {
        RecordCounts again;
        again.refused = first.refused;
        again.same = first.total() - first.refused;
        return again;
    }
    void add(const RunCounts& more) {
        read += more.read;
        records.add(more.records);
        payloads += more.payloads;
        payloads_refused += more.payloads_refused;
        parked += more.parked;
        if (doubled == 0) doubled_such = more.doubled_such;
        doubled += more.doubled;
        if (more.source_says) source_says = more.source_says;  // of the whole set: the last word counts
    }
};

/// Two clocks that are no further apart are as good as one: HTTP tells whole seconds, and an answer is under way.
inline constexpr std::chrono::minutes kSourceClockApart{2};

/// Why a run did not come to its end; the parts of a ConnectorFault or of our own.
struct RunTrouble {
    std::string kind;  ///< config, transient or system; `store` where it is ours
    std::string code;
    std::string where;
    std::string message;
    std::string next_step;
    std::string cause{};  ///< code of the fault that lasted, where `code` says that the gateway gave up
};

/// What keeps a run that has not ended from its next page: a disk that is full, a source that is down. It is in no row:
/// the store may be what refuses.
struct RunWait {
    RunTrouble trouble;  ///< the last fault
    Instant until{};     ///< the next attempt; where that is past, it is being made
    Instant since{};     ///< the first fault in a row
};
using RunWaits = std::map<std::string, RunWait, std::less<>>;  ///< by connector

/// What the next start has to know where the process was killed while it was at a page, perhaps by a payload of it.
struct RunKills {
    std::uint64_t taken_up = 0;  ///< so often at this page; a stop in good order and a fault of the store count not
    bool has_left = false;       ///< the last stop was in good order
    std::string trying{};        ///< SHA-256 of the payload that is tried alone now; hex
    std::uint64_t tries = 0;     ///< how often it was
    std::vector<std::string> parked{};  ///< those of this page that killed it each time; hex

    bool operator==(const RunKills&) const = default;
};

struct Run {
    RunNo number = 0;
    std::string connector;  ///< `housing/permits/outbox`: system and name
    SystemId system;
    RunKind kind = RunKind::Next;
    RunState state = RunState::Running;
    Instant started_at{};
    std::optional<Instant> ended_at{};
    std::uint64_t resumed = 0;  ///< how often a start found it unfinished and went on
    std::uint64_t pages = 0;
    RunCounts counts;
    std::optional<RunTrouble> trouble{};
    std::optional<std::uint64_t> log_index{};  ///< of its leaf, once it ended
    std::optional<Instant> ends_by{};          ///< no page is begun behind it: the window in which it was due closes
    RunNo of = 0;                              ///< Retry: of which run
    std::string reads{};                       ///< what its cursors belong to: the connector with its settings
    std::string terms{};                       ///< a digest of settings and mapping; empty: not known
    std::string stood{};                       ///< the connector's cursor as it began; opaque bytes
    std::string from{};                        ///< Since: the cursor at which it began
    std::optional<Reconciliation> reconciliation{};  ///< Reconcile: its order, and what came of it
    RunKills kills{};                                ///< at the page that it is at
    std::optional<RunGave> gave{};                   ///< its source so far; none once it ended
    /// By how much the source's clock was ahead of ours (negative: behind), where it was too much.
    std::optional<std::chrono::seconds> clock_ahead{};
    std::optional<WaitingFiles> waiting{};  ///< that its last look found
    std::optional<WaitingFiles> aside{};    ///< in the error folder, as that look found them
    std::string note{};                     ///< what the source's owner should know, in a line
};

/// Whether it saw at least one page of its source, or its end: what it does not tell of the source is not there.
inline bool sawItsSource(const Run& run) {
    return run.pages != 0 || run.state == RunState::Done;
}

/// The refusal of a payload that is parked: it could not be applied, whatever was tried; `sync retry` tries again.
inline constexpr std::string_view kParkedCode = "payload_parked";
/// The same of one that killed the process whenever it was taken.
inline constexpr std::string_view kKillsCode = "payload_kills";
/// Why a run is partial of which payloads were refused or broke off, where there is nothing graver.
inline constexpr std::string_view kPayloadRefusedCode = "payload_refused";
constexpr bool isParkedCode(std::string_view code) {
    return code == kParkedCode || code == kKillsCode;
}

/// Between which cursors a page lies of which something was parked; opaque bytes.
struct ParkedSpan {
    std::string from, next;
};

/// One page of a run, as it was taken. Its counts are those of its messages.
struct RunPage {
    RunNo run = 0;
    std::uint64_t number = 0;             ///< from 1
    std::vector<std::uint64_t> messages;  ///< the leaves of its payloads
    std::vector<std::uint64_t> known{};   ///< those of messages that were taken before, and were read once more
    std::optional<std::uint64_t> source_says{};
    std::optional<ParkedSpan> parked{};  ///< where one of its payloads was parked
    /// Records that its mapping leaves out on purpose, but for those of large payloads, whose answers tell it; nothing
    /// where that was not kept.
    std::optional<std::uint64_t> passed_over{};
    bool ends_pass = false;  ///< the set ended early behind it: what comes next is read from its begin
};

}  // namespace caseway
