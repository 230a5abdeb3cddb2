// gateway/sync/run_verdict.hpp - what is wrong with a run that came to its source's end, or is on the way there: from
// its counts alone.
#pragma once

#include <string>
#include <vector>

#include "gateway/domain/run.hpp"
#include "gateway/sync/source_gave.hpp"

namespace caseway {

/// set_incomplete: the source has more than it gave. `kind`: who acts.
RunTrouble setIncomplete(std::string kind, std::string found);
/// Why passes over a source ended early, the last one first: a run counts what all of them gave.
std::string ofPasses(const std::vector<std::string>& early);
/// Of a run that ends with what its connector tells behind all that it read (kFileRefused): that payloads were refused,
/// too, for nobody looks for those behind it.
void tellRefusedPayloads(Run& run);
/// Once everything is counted: why it is no whole success, where it is none. `codes`: of the records that were refused.
std::optional<RunTrouble> troubleAtEnd(const Run& run, const SourceGave& given, const RefusalCodes& codes,
                                       unsigned refused_percent);

}  // namespace caseway
