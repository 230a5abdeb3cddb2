// gateway/report/tried_again.hpp - what a run had refused and a retry has read once more since: what came of it stands
// with the retry, so that nobody is sent after what was taken meanwhile, and nothing is told twice.
#pragma once

#include <cstdint>
#include <set>

#include "gateway/domain/run.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

struct TriedAgain {
    std::set<LogIndex> messages;
    std::uint64_t records = 0;   ///< refused in them
    std::uint64_t payloads = 0;  ///< of them, refused as a whole or broken off
};

/// By retries of `run` that came to their end, in this night or later. As gateway/pipeline/kept_payloads.hpp chooses:
/// what is parked, and what another version of the mapping refused. Throws Fault as the reader does.
TriedAgain triedAgain(StoreReader& reader, const Run& run);

}  // namespace caseway
