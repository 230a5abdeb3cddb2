// gateway/pipeline/message_counts.cpp - rows to counts.
#include "gateway/pipeline/message_counts.hpp"

#include "gateway/log/payload_refusal.hpp"

namespace caseway {

/// Of a large one that was applied in part only its answer says so, in our own words: a quote of a sender is escaped.
bool isParked(const MessageRow& row) {
    return isParkedCode(row.refusal_code) ||
           (row.outcome == MessageOutcome::Partial &&
            row.answer.find("\"code\":\"" + std::string(kParkedCode) + '"') != std::string::npos);
}

RunCounts countsOf(StoreReader& reader, const MessageRow& row) {
    RunCounts counts;
    counts.payloads = 1;
    const bool is_nothing = row.outcome == MessageOutcome::Refused && row.counts.total() == 0;
    counts.payloads_refused = is_nothing || !payloadRefusal(reader, row).empty() ? 1 : 0;
    counts.parked = isParked(row) ? 1 : 0;
    counts.read = row.counts.total();
    counts.records = row.counts;
    return counts;
}

RunCounts countsOfKnown(StoreReader& reader, const MessageRow& row) {
    RunCounts counts = countsOf(reader, row);
    counts.parked = 0;
    counts.records = RunCounts::ofKnown(row.counts);
    return counts;
}

}  // namespace caseway
