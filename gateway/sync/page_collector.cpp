// gateway/sync/page_collector.cpp - limits of a page.
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
    if (!page_.payloads.empty() && (bytes_ += page_.payloads.back().body->size()) > limits_.page_bytes)
        throw ConnectorFault(ConnectorFaultKind::System,
                             {"page_too_large", saidText(head.name),
                              fmt::format("several payloads of more than {} bytes together", limits_.page_bytes),
                              "the connector must give smaller pages: see PageLimits"});
    page_.payloads.push_back({{saidText(head.name), saidText(head.media_type), head.records},
                              ledger_.newBody(),
                              std::exchange(read_at_, {})});
}

void PageCollector::bytes(std::string_view piece) {
    if (page_.payloads.empty())
        throw ConnectorFault(ConnectorFaultKind::System, {"connector_contract", "", "bytes before a payload's head",
                                                          "call payload() before bytes()"});
    PulledPayload& payload = page_.payloads.back();
    if (payload.body->size() + piece.size() > limits_.payload_bytes)
        throw ConnectorFault(ConnectorFaultKind::Config,
                             {"payload_too_large", payload.head.name,
                              fmt::format("more than {} bytes in one payload", limits_.payload_bytes),
                              "let the source give smaller files, or raise limits.http_body_bytes"});
    payload.body->write(piece);
}

}  // namespace caseway
