// gateway/cli/run_text.hpp - runs as text for people.
#pragma once

#include <optional>
#include <ostream>
#include <string>

#include "gateway/domain/run.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// "1 min 12 s"; of a run under way until now.
std::string durationOf(const Run& run, Instant now);
/// One line of a listing.
std::string lineOf(const Run& run, Instant now);
/// Why it did not come to its end, and the next step: two indented lines; empty where it did.
std::string whyOf(const Run& run);
/// "partial: …" of a dry run that did not come to its source's end: of how much the counts are, and why; else empty.
std::string partialOf(const Run& run);
/// Whether it came to its end and every record was refused: its cursor stands behind them, but nobody has anything of
/// it. A person is to look; the run itself is done.
bool tookNothing(const Run& run);
/// Where to look at what was refused.
std::string nextOfRefused(const Run& run);
/// "housing/permits/outbox: ok, 12 read": what a person has to know of a run that she waited for, on one line. `why`:
/// it did not end, or did not begin; `next`: what to do about that.
std::string resultOf(const std::string& connector, const std::optional<Run>& run, const std::string& why = {},
                     const std::string& next = {});
/// All of it, a fact a line, the trouble at the end. What to do is told once, behind whatever else is told: by
/// nextStepOf(), or by resultOf().
std::string describe(const Run& run, Instant now);
/// Its pages, a line each with counts that add up and the leaves of their payloads; as JSON an object a line.
void tellPages(StoreReader& reader, const Run& run, bool as_json, std::ostream& out);
/// What of it is parked, a payload a line with its reason; empty where nothing is.
std::string parkedOf(StoreReader& reader, const Run& run);
struct RefusedOfRun {
    std::string text;   ///< the first messages of it of which something was refused, a line each with id and code
    std::string first;  ///< one of them, as `message show` takes it
};
/// Both empty where nothing was refused.
RefusedOfRun refusedOf(StoreReader& reader, const Run& run);
/// The line of what to do about the run's trouble, about what it waits for, and about `refused`, a message of it; empty
/// where nothing is to do.
std::string nextStepOf(const Run& run, const std::string& refused, const std::string& waits_for = {});

}  // namespace caseway
