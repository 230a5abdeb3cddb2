// gateway/sync/page_collector.hpp - takes the payloads of one page from a connector, within bounds.
#pragma once

#include <string>
#include <string_view>

#include "gateway/ports/run_ledger.hpp"
#include "gateway/sync/sync_run.hpp"

namespace caseway {

/// A connector's words as our documents can hold them: whole characters of UTF-8, not too many.
std::string boundedText(std::string_view text);

/// A payload that is too large is read to its end and marked, and its bytes are let go. Throws ConnectorFault:
/// page_too_large, connector_contract.
class PageCollector final : public DatedPageSink {
public:
    PageCollector(RunLedger& ledger, PulledPage& page, const RunOrder& order)
        : ledger_(ledger), page_(page), payload_bytes_(order.payload_bytes), page_bytes_(2 * order.page.bytes) {}
    void readAt(Instant at) override { read_at_ = at; }
    void payload(const PayloadHead& head) override;
    void bytes(std::string_view piece) override;

private:
    RunLedger& ledger_;
    PulledPage& page_;
    const std::uint64_t payload_bytes_, page_bytes_;
    std::uint64_t bytes_ = 0;  ///< of all payloads but the last, where they are kept
    std::optional<Instant> read_at_;
};

}  // namespace caseway
