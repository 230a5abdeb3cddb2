// gateway/audit/records_verifier.hpp - the module's door: everything that was derived from the log - history, feed,
// cases, the memory of the register - recomputed and held against what is stored. Run it behind verifyLog() on the same
// snapshot, which proves the leaves and outcome lines that this builds upon, and tells whether they are too old for it.
// Links without database, network or server.
#pragma once

#include <functional>

#include "gateway/log/verifier.hpp"

namespace caseway {

struct RecordsReport {
    std::uint64_t records = 0;  ///< whose outcome lines were followed
    std::uint64_t changes = 0;  ///< of the feed
    std::uint64_t cases = 0;
};

/// Adds to `findings`. Memory: two bits a row of a store as the gateway writes it, and never more than about 120 bytes
/// a row that is there, whatever the outcome lines claim. `progress`: what is counted, and how many so far; may be
/// empty. Throws Fault of the store.
RecordsReport verifyRecords(StoreSnapshot& store, Findings& findings,
                            const std::function<void(std::string_view what, std::uint64_t count)>& progress = {});

}  // namespace caseway
