// gateway/pipeline/run_refusals.hpp - what the records of stored messages were refused for, by code.
#pragma once

#include "gateway/ports/run_ledger.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// The first `most` refusals of the records of one message; each record under its first mistake.
void addRefusalCodes(StoreReader& reader, const MessageRow& message, std::size_t most, RefusalCodes& codes);
/// Of the first thousands of records that a run could not take.
RefusalCodes refusalCodesOf(StoreReader& reader, const Run& run);

}  // namespace caseway
