// gateway/sync/run_trouble.hpp - why a run did not come to its source's end, in words for the morning: each way to end
// has a code of its own and a next step (docs/errors.md, "Runs of connectors").
#pragma once

#include <chrono>
#include <exception>
#include <optional>
#include <string>

#include "gateway/base/fault.hpp"
#include "gateway/base/refusal.hpp"
#include "gateway/domain/run.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

/// Of a connector: told behind all files that could be taken.
inline constexpr std::string_view kFileRefused = "file_refused";

/// A connector's words, bounded: saidText().
RunTrouble troubleOf(const ConnectorFault& fault);
/// connector_failed: it threw what the contract does not know.
RunTrouble troubleOf(const std::exception& error);
/// The store or the disk, of kind `store`; its code is that of the fault.
RunTrouble troubleOfOurs(const Fault& fault);
/// run_given_up where it may pass and every attempt met it: its own code stands as `cause`. Others as they are.
RunTrouble givenUp(const ConnectorFault& fault, unsigned attempts);
/// The same of a reconciliation, which keeps no place.
void beginsAnew(RunTrouble& trouble);
/// run_given_up: whatever kills the process at that page, no payload of it could be found out.
RunTrouble givenUpAfterKills(std::uint64_t taken_up, std::uint64_t page);
/// run_overdue
RunTrouble overdue(std::string message);
/// run_too_long
RunTrouble tooLong(std::chrono::seconds longest);
/// settings_changed: with other settings or another mapping its page would mean something else.
RunTrouble settingsChanged();
/// connector_not_active
RunTrouble notActive();
/// A run as it stands where nobody is at work on it: one that has not ended is stopped, with run_interrupted, until a
/// gateway goes on with it. Its row says `running` as long, also where the process that wrote it died. What ended one
/// whose end alone is not written stays its state and trouble.
Run interrupted(Run run);

/// `2 d 3 h`, `3 h 5 min`, `7 min 3 s`: of a length, whatever its sign.
std::string timeText(std::chrono::seconds time);
/// By how much a source's clock differs from ours: `7 min 3 s ahead of ours`.
std::string clocksText(std::chrono::seconds ahead);

/// payload_parked, as the refusal of the payload.
Refusal parkedBecause(const Fault& fault);
/// payload_kills
Refusal parkedForKills(std::uint64_t taken_up);

/// Whether it came to its source's end, good or not: what it counted is all there was.
bool sawTheEnd(const Run& run);
/// Whether all that it chose was read and judged: done, or with no more in its way than payloads that were refused.
bool isReadThrough(const Run& run);
/// Ends that say nothing about the source: a person changed something under the run.
bool isOfPeople(const RunTrouble& trouble);

}  // namespace caseway
