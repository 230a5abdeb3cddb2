// gateway/pipeline/counted.hpp - read = new + changed + same + stale + refused: held for each payload, where the mapping
// says how many records it found and the recorder what became of them.
#pragma once

#include <fmt/format.h>

#include "gateway/base/fault.hpp"
#include "gateway/domain/outcome.hpp"

namespace caseway {

/// Throws Fault{StoreCorrupt}, inside the transaction that would have taken them: a record that was lost between mapping
/// and record, or counted twice, is never an acknowledged one.
inline void requireAllCounted(std::uint64_t found, const RecordCounts& counts) {
    if (found == counts.total()) return;
    throw Fault(FaultCode::StoreCorrupt,
                fmt::format("the mapping found {} records, and {} outcomes came of them", found, counts.total()),
                "nothing was taken; tell those who maintain the gateway");
}

}  // namespace caseway
