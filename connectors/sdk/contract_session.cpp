// connectors/sdk/contract_session.cpp - one page, many pages, and what always holds of them.
#include "connectors/sdk/contract_session.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caseway::contract {
namespace {

constexpr std::size_t kPagesMost = 100'000;  ///< a set that has more is not what a contract is tried with

class RememberingSink final : public PageSink {
public:
    void payload(const PayloadHead& head) override {
        if (head.name.empty()) throw Broken("a payload without a name");
        if (head.media_type.find('/') == std::string::npos)
            throw Broken(fmt::format("the payload `{}` has the media type `{}`", head.name, head.media_type));
        payloads.push_back({head.name, head.media_type, head.records});
    }
    void bytes(std::string_view piece) override {
        if (payloads.empty()) throw Broken("bytes came before the head of their payload");
        payloads.back().digest = fnv1a(piece, payloads.back().digest);
        payloads.back().bytes += piece.size();
    }
    std::vector<SeenPayload> payloads;
};

}  // namespace

OtherSide& Session::otherSide() const {
    if (subject.other_side == nullptr) throw NotTried("needs the other side in the test's hands");
    return *subject.other_side;
}

void Session::freshSet(std::size_t records) const {
    if (subject.other_side != nullptr)
        subject.other_side->fill(records);
    else if (!subject.may_acknowledge)
        throw NotTried("nothing may be acknowledged here");
}

void Session::someSet(std::size_t records) const {
    if (subject.other_side != nullptr) subject.other_side->fill(records);
}

void Session::needSource() const {
    if (!subject.type.spec().reads) throw NotTried("this type does not read");
}

SeenPage readPage(Connector& connector, const Cursor& from, const PageLimits& limits) {
    SeenPage page;
    RememberingSink sink;
    try {
        page.end = connector.read(from, limits, sink);
    } catch (const ConnectorFault& fault) {
        page.fault = fault;
        return page;
    } catch (const Broken&) {
        throw;
    } catch (const std::exception& error) {
        throw Broken(fmt::format("read() threw something else than a ConnectorFault: {}", error.what()));
    }
    page.payloads = std::move(sink.payloads);
    if (page.end.next.size() > kCursorBytesMax)
        throw Broken(fmt::format("a cursor of {} bytes, at most {} are kept", page.end.next.size(), kCursorBytesMax));
    if (page.end.records != recordsOf(page.payloads))
        throw Broken(
            fmt::format("the page says {} records, its payloads {}", page.end.records, recordsOf(page.payloads)));
    if (page.end.source_total && *page.end.source_total < page.end.records)
        throw Broken(fmt::format("the source is said to have {} records, but one page has {}", *page.end.source_total,
                                 page.end.records));
    if (!page.end.last && !page.end.ended_early.empty())
        throw Broken("a page says that the source ended early, and that it is not the last");
    if (!page.end.last && page.end.next == from)
        throw Broken("a page that is not the last ends where it began: reading would never end");
    if (!page.payloads.empty() && page.end.next == from)
        throw Broken("a page with payloads ends where it began: they would be read again");
    return page;
}

std::vector<SeenPage> readAll(Connector& connector, const Cursor& from, bool acknowledging, const PageLimits& limits) {
    std::vector<SeenPage> pages;
    std::set<Cursor> seen{from};
    Cursor at = from;
    while (pages.size() < kPagesMost) {
        pages.push_back(readPage(connector, at, limits));
        if (pages.back().fault) throw Broken("read() failed: " + describe(*pages.back().fault));
        const PageEnd& end = pages.back().end;
        if (acknowledging) connector.acknowledge(end.next);
        if (end.last) return pages;
        if (!seen.insert(end.next).second)
            throw Broken(fmt::format("page {} ends with a cursor that was there before", pages.size()));
        at = end.next;
    }
    throw Broken(fmt::format("no last page after {}", kPagesMost));
}

std::vector<SeenPayload> payloadsOf(const std::vector<SeenPage>& pages) {
    std::vector<SeenPayload> all;
    for (const SeenPage& page : pages) all.insert(all.end(), page.payloads.begin(), page.payloads.end());
    std::sort(all.begin(), all.end());
    return all;
}

std::uint64_t recordsOf(const std::vector<SeenPayload>& payloads) {
    std::uint64_t records = 0;
    for (const SeenPayload& payload : payloads) records += payload.records;
    return records;
}

std::string describe(const std::vector<SeenPayload>& payloads) {
    std::uint64_t bytes = 0;
    for (const SeenPayload& payload : payloads) bytes += payload.bytes;
    return fmt::format("{} payloads, {} records counted, {} bytes", payloads.size(), recordsOf(payloads), bytes);
}

std::string describe(const ConnectorFault& fault) {
    return fmt::format("{} fault {} at {}: {}", nameOf(fault.kind()), fault.parts().code, fault.parts().where,
                       fault.parts().message);
}

}  // namespace caseway::contract
