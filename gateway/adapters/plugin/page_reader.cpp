// gateway/adapters/plugin/page_reader.cpp - bounds over the whole page: bytes, payloads, counts that fit together.
#include "gateway/adapters/plugin/page_reader.hpp"

#include <fmt/format.h>

namespace caseway {
namespace {

constexpr std::uint64_t kPayloadsMax = 100'000;  ///< of one page

class PageReader {
    template <class Check>
    auto checked(Check check) {
        try {
            return check();
        } catch (const AnswerOutOfBounds& error) {
            session_.brokeContract("read", error.what());
        }
    }

public:
    PageReader(PluginSession& session, const PluginManifest& manifest, PageSink& sink)
        : session_(session), manifest_(manifest), sink_(sink) {}

    /// Bounds first, then the sink: what breaks them goes no further.
    void take(const plugin::PagePart& part) {
        for (const plugin::Payload& payload : part.payloads) {
            bytes_ += payload.bytes.size();
            if (bytes_ > manifest_.limits.page_mib << 20)
                session_.brokeContract("read", fmt::format("a page of more than {} MiB: page_mib in its manifest",
                                                           manifest_.limits.page_mib));
            if (payload.__isset.name)
                begin(payload);
            else if (payloads_ == 0)
                session_.brokeContract("read", "a piece of a payload that did not begin");
            if (!payload.bytes.empty()) sink_.bytes(payload.bytes);
        }
        if (part.payloads.empty() && !part.__isset.page_end)
            session_.brokeContract("read", "a part with neither payload nor end");
    }
    PageEnd end(const plugin::PageEnd& wire) {
        const PageEnd end = checked([&] { return fromWire(wire); });
        if (end.records != records_)
            session_.brokeContract("read",
                                   fmt::format("the page has {} records, its payloads {}", end.records, records_));
        return end;
    }

private:
    void begin(const plugin::Payload& payload) {
        const PayloadHead head = checked([&] { return headOf(payload); });
        records_ += head.records;
        if (++payloads_ > kPayloadsMax) session_.brokeContract("read", "a page of more than 100,000 payloads");
        sink_.payload(head);
    }
    PluginSession& session_;
    const PluginManifest& manifest_;
    PageSink& sink_;
    std::uint64_t bytes_ = 0;
    std::uint64_t payloads_ = 0;
    std::uint64_t records_ = 0;
};

}  // namespace

PageEnd readPage(PluginSession& session, const PluginManifest& manifest, const Cursor& from, const PageLimits& limits,
                 PageSink& sink) {
    PageReader reader(session, manifest, sink);
    plugin::PagePart part;
    session.call("read", [&](auto& client, auto deadline) {
        plugin::PageLimits asked;
        asked.records = static_cast<std::int32_t>(std::min<std::uint32_t>(limits.records, INT32_MAX));
        asked.bytes = static_cast<std::int64_t>(std::min<std::uint64_t>(limits.bytes, INT64_MAX));
        client.read(part, from, asked, deadline);
        return true;
    });
    reader.take(part);
    while (!part.__isset.page_end) {
        part = plugin::PagePart();
        session.call("more", [&](auto& client, auto deadline) {
            client.more(part, deadline);
            return true;
        });
        reader.take(part);
    }
    return reader.end(part.page_end);
}

}  // namespace caseway
