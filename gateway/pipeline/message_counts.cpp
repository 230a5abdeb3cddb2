// gateway/pipeline/message_counts.cpp - rows to counts.
#include "gateway/pipeline/message_counts.hpp"

#include "gateway/base/fault.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/log/payload_refusal.hpp"
#include "gateway/pipeline/doubled_numbers.hpp"

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
    Doubled doubled = doubledIn(row.answer);
    counts.doubled = doubled.count;
    counts.doubled_such = std::move(doubled.such);
    return counts;
}

RunCounts countsOfKnown(StoreReader& reader, const MessageRow& row) {
    RunCounts counts = countsOf(reader, row);
    counts.parked = 0;
    counts.doubled = 0;
    counts.doubled_such.clear();
    counts.records = RunCounts::ofKnown(row.counts);
    return counts;
}

std::optional<RunCounts> countsOfRun(StoreReader& reader, RunNo run, bool needs_all,
                                     const std::function<std::optional<MessageRow>(LogIndex)>& applied,
                                     const std::function<void(const RunPage&)>& each_page) {
    constexpr std::size_t kPagesAtOnce = 1000;
    RunCounts all;
    for (std::uint64_t after = 0;;) {
        const auto pages = reader.runPages(run, after, kPagesAtOnce);
        if (pages.empty()) return all;
        for (const RunPageRow& row : pages) {
            after = row.page;
            const auto page = readRunPage(row.body);
            if (!page) throw Fault(FaultCode::StoreCorrupt, "a page of a run cannot be read", page.error().hint);
            const auto countEach = [&](const std::vector<LogIndex>& leaves, auto counted) {
                for (const LogIndex index : leaves) {
                    const auto message = applied(index);
                    if (!message && needs_all) return false;
                    if (message) all.add(counted(reader, *message));
                }
                return true;
            };
            if (!countEach(page->messages, &countsOf) || !countEach(page->known, &countsOfKnown)) return std::nullopt;
            if (each_page) each_page(*page);
            if (page->source_says) all.source_says = page->source_says;
        }
    }
}

}  // namespace caseway
