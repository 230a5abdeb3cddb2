// connectors/sdk/wire/service_calls.hpp - the port's calls as exchanges of connector.thrift, for whatever carries them:
// a `Session` has call(name, rpc), which gives what rpc(client, deadline_ms) gives or throws ConnectorFault, and
// brokeContract(name, what), which throws. For those who speak the contract only.
#pragma once

#include <algorithm>

#include "connectors/sdk/wire/page_parts.hpp"

namespace caseway {

template <class Session>
std::vector<CheckStep> askCheck(Session& session) {
    return session.call("check", [](auto& client, auto deadline) {
        std::vector<plugin::CheckStep> answer;
        client.check(answer, deadline);
        return fromWire(std::move(answer));
    });
}

template <class Session>
std::vector<SourceObject> askObjects(Session& session) {
    return session.call("discover", [](auto& client, auto deadline) {
        std::vector<plugin::SourceObject> answer;
        client.discover(answer, deadline);
        return fromWire(std::move(answer));
    });
}

/// Hands the payloads to the sink of `parts` as they come. Throws ConnectorFault, and what the sink throws.
template <class Session>
PageEnd askPage(Session& session, const Cursor& from, const PageLimits& limits, PageParts parts) {
    const auto held = [&](auto check) {
        try {
            return check();
        } catch (const AnswerOutOfBounds& error) {
            session.brokeContract("read", error.what());
        }
    };
    plugin::PagePart part;
    session.call("read", [&](auto& client, auto deadline) {
        plugin::PageLimits asked;
        asked.records = static_cast<std::int32_t>(std::min<std::uint32_t>(limits.records, INT32_MAX));
        asked.bytes = static_cast<std::int64_t>(std::min<std::uint64_t>(limits.bytes, INT64_MAX));
        client.read(part, from, asked, deadline);
        return true;
    });
    held([&] { parts.take(part); });
    while (!part.__isset.page_end) {
        part = plugin::PagePart();
        session.call("more", [&](auto& client, auto deadline) {
            client.more(part, deadline);
            return true;
        });
        held([&] { parts.take(part); });
    }
    return held([&] { return parts.end(part.page_end); });
}

template <class Session>
void tellDurable(Session& session, const Cursor& durable) {
    session.call("acknowledge", [&](auto& client, auto deadline) {
        client.acknowledge(durable, deadline);
        return true;
    });
}

/// `items` in one exchange.
template <class Session>
std::vector<WriteAnswer> askWrite(Session& session, const OutgoingItem* items, std::size_t count) {
    return session.call("write", [&](auto& client, auto deadline) {
        std::vector<plugin::OutgoingItem> asked(count);
        for (std::size_t i = 0; i < count; ++i) {
            asked[i].key = items[i].key;
            asked[i].bytes = items[i].bytes;
        }
        std::vector<plugin::WriteAnswer> answers;
        client.write(answers, asked, deadline);
        return fromWire(std::move(answers), count);
    });
}

}  // namespace caseway
