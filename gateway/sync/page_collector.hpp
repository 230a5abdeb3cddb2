// gateway/sync/page_collector.hpp - what a connector gives of one page, kept within the limits of its run: so many
// payloads, so many bytes, names that our documents can hold.
#pragma once

#include <optional>
#include <string_view>

#include "gateway/ports/run_ledger.hpp"

namespace caseway {

/// A payload that is too large is read to its end and marked, and its bytes are let go.
class PageCollector final : public DatedPageSink {
public:
    struct Limits {
        std::uint64_t payload_bytes;  ///< of one payload at most
        std::uint64_t page_bytes;     ///< of several payloads together
    };
    PageCollector(RunLedger& ledger, PulledPage& page, Limits limits) : ledger_(ledger), page_(page), limits_(limits) {}
    void readAt(Instant at) override { read_at_ = at; }
    /// Both throw ConnectorFault: page_too_large, connector_contract.
    void payload(const PayloadHead& head) override;
    void bytes(std::string_view piece) override;

private:
    RunLedger& ledger_;
    PulledPage& page_;
    const Limits limits_;
    std::uint64_t bytes_ = 0;  ///< of all payloads but the last, where they are kept
    std::optional<Instant> read_at_;
};

}  // namespace caseway
