// gateway/log/payload_refusal.cpp - the row where it has the code, else the leaf of the outcome.
#include "gateway/log/payload_refusal.hpp"

#include "gateway/base/fault.hpp"
#include "gateway/log/leaf.hpp"

namespace caseway {

std::string payloadRefusal(StoreReader& reader, const MessageRow& row) {
    if (row.outcome != MessageOutcome::Partial || !row.outcome_index) return row.refusal_code;
    const auto text = reader.leaf(*row.outcome_index);
    const auto leaf = text ? parseLeaf(*text) : Result<LogEntry>(Refusal{});
    if (!leaf)
        throw Fault(FaultCode::StoreCorrupt, "the leaf of an outcome cannot be read", "run `caseway log verify`");
    return leaf->refusal_code;
}

}  // namespace caseway
