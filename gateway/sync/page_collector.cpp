// gateway/sync/page_collector.cpp - the bounds of a page.
#include "gateway/sync/page_collector.hpp"

#include <fmt/format.h>

#include <utility>

#include "gateway/formats/text/said_text.hpp"

namespace caseway {
namespace {

constexpr std::size_t kPayloadsOfPage = 10'000;

}  // namespace

void PageCollector::payload(const PayloadHead& head) {
    if (page_.payloads.size() == kPayloadsOfPage)
        throw ConnectorFault(
            ConnectorFaultKind::System,
            {"page_too_large", saidText(head.name), fmt::format("a page of more than {} payloads", kPayloadsOfPage),
             "the connector must give smaller pages: see PageLimits"});
    if (!page_.payloads.empty() && !page_.payloads.back().too_large_for) bytes_ += page_.payloads.back().body->size();
    if (bytes_ > limits_.page_bytes)
        throw ConnectorFault(ConnectorFaultKind::System,
                             {"page_too_large", saidText(head.name),
                              fmt::format("several payloads of more than {} bytes together", limits_.page_bytes),
                              "the connector must give smaller pages: see PageLimits"});
    page_.payloads.push_back({{saidText(head.name), saidText(head.media_type), head.records, head.answer},
                              ledger_.newBody(),
                              std::exchange(read_at_, {})});
}

void PageCollector::bytes(std::string_view piece) {
    if (page_.payloads.empty())
        throw ConnectorFault(ConnectorFaultKind::System, {"connector_contract", "", "bytes before a payload's head",
                                                          "call payload() before bytes()"});
    PulledPayload& payload = page_.payloads.back();
    if (!payload.too_large_for && payload.body->size() + piece.size() > limits_.payload_bytes) {
        payload.too_large_for = limits_.payload_bytes;  // the others must not wait for it night after night
        payload.body->drop();
    }
    payload.body->write(piece);
}

}  // namespace caseway
