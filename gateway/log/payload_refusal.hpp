// gateway/log/payload_refusal.hpp - why a message was not taken to its end, as its leaf says it: its row has that of
// those alone of which nothing was taken.
#pragma once

#include <string>

#include "gateway/ports/store.hpp"

namespace caseway {

/// The code under which the payload itself was refused: as a whole, or where it broke off behind records that were
/// taken. Empty where it was read to its end, whatever became of its records, or where it is not applied yet.
/// Throws Fault{StoreCorrupt} where the leaf of its outcome is gone.
std::string payloadRefusal(StoreReader& reader, const MessageRow& row);

}  // namespace caseway
