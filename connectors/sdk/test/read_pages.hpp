// connectors/sdk/test/read_pages.hpp - a whole pass of a connector in a test: pages, counts, bytes, and the fault that
// ended it.
#pragma once

#include <optional>
#include <string>

#include "gateway/ports/connector.hpp"

namespace caseway::fixture {

struct ReadPass {
    std::size_t pages = 0;
    std::uint64_t records = 0;
    std::string bytes;  ///< of all payloads
    Cursor next;
    std::optional<std::uint64_t> total;
    std::string withheld, ended_early, uncounted;     ///< as the last page says it
    std::optional<std::chrono::seconds> clock_ahead;  ///< as the last page says it
    std::optional<ConnectorFault> fault;
};

/// Ends at the last page, at a fault or after 1,000 pages.
inline ReadPass readPages(Connector& connector, const Cursor& from = {}, const PageLimits& limits = {}) {
    struct Sink final : PageSink {
        std::string all;
        void payload(const PayloadHead&) override {}
        void bytes(std::string_view piece) override { all += piece; }
    } sink;
    ReadPass pass;
    pass.next = from;
    try {
        for (bool last = false; !last && pass.pages < 1000;) {
            const PageEnd end = connector.read(pass.next, limits, sink);
            ++pass.pages;
            pass.records += end.records;
            pass.next = end.next;
            pass.clock_ahead = end.clock_ahead;
            pass.total = end.source_total;
            pass.withheld = end.withheld;
            pass.uncounted = end.uncounted;
            pass.ended_early = end.ended_early;
            last = end.last;
        }
    } catch (const ConnectorFault& fault) {
        pass.fault = fault;
    }
    pass.bytes = std::move(sink.all);
    return pass;
}

}  // namespace caseway::fixture
