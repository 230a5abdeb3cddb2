// gateway/sync/page_collector.cpp - the bounds of a page.
#include "gateway/sync/page_collector.hpp"

#include <fmt/format.h>

#include <utility>

#include "gateway/formats/text/utf8.hpp"

namespace caseway {
namespace {

constexpr std::size_t kPayloadsOfPage = 10'000;
constexpr std::size_t kTextBytes = 1000;  ///< of a name or a message that a connector gives

}  // namespace

std::string boundedText(std::string_view text) {
    const Utf8Prefix good = utf8Prefix(text.substr(0, kTextBytes));
    std::string kept(text.substr(0, good.valid));
    return good.broken ? kept + "?" : kept;
}

void PageCollector::payload(const PayloadHead& head) {
    if (page_.payloads.size() == kPayloadsOfPage)
        throw ConnectorFault(
            ConnectorFaultKind::System,
            {"page_too_large", boundedText(head.name), fmt::format("a page of more than {} payloads", kPayloadsOfPage),
             "the connector must give smaller pages: see PageLimits"});
    if (!page_.payloads.empty() && !page_.payloads.back().too_large_for) bytes_ += page_.payloads.back().body->size();
    if (bytes_ > page_bytes_)
        throw ConnectorFault(ConnectorFaultKind::System,
                             {"page_too_large", boundedText(head.name),
                              fmt::format("several payloads of more than {} bytes together", page_bytes_),
                              "the connector must give smaller pages: see PageLimits"});
    page_.payloads.push_back({{boundedText(head.name), boundedText(head.media_type), head.records},
                              ledger_.newBody(),
                              std::exchange(read_at_, {})});
}

void PageCollector::bytes(std::string_view piece) {
    if (page_.payloads.empty())
        throw ConnectorFault(ConnectorFaultKind::System, {"connector_contract", "", "bytes before a payload's head",
                                                          "call payload() before bytes()"});
    PulledPayload& payload = page_.payloads.back();
    if (!payload.too_large_for && payload.body->size() + piece.size() > payload_bytes_) {
        payload.too_large_for = payload_bytes_;  // the others must not wait for it night after night
        payload.body->drop();
    }
    payload.body->write(piece);
}

}  // namespace caseway
