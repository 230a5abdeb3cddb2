// gateway/adapters/http/http_counters.hpp - what the HTTP server counts, for /metrics and for tests.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace caseway {

/// Why a request or connection was not served. The names are the `code` of the answer where there is one.
enum class HttpRefusal : std::uint8_t {
    BadRequest,
    BadTarget,
    BadHost,
    BadContentLength,
    BadTransferEncoding,
    BadChunk,
    IncompleteRequest,
    LengthRequired,
    HeadTooLarge,
    TargetTooLong,
    BodyTooLarge,
    ExpectationFailed,
    VersionNotSupported,
    RequestTimeout,
    RateLimited,
    Overloaded,
    AddressLimit,
    HandshakeFailed,
    Evicted,
    kCount
};

/// "bad_request", "request_timeout" …; listed in docs/errors.md.
std::string_view nameOf(HttpRefusal reason);

/// Written by the loop and the workers, readable at any time from any thread.
struct HttpCounters {
    using Counter = std::atomic<std::uint64_t>;
    Counter connections_opened{0};
    Counter connections_closed{0};
    Counter handshakes{0};
    Counter handshakes_resumed{0};
    Counter requests{0};   ///< complete ones, handed to the handler
    Counter responses{0};  ///< of every kind, those of the server itself included
    Counter bytes_read{0};
    Counter bytes_written{0};
    std::array<Counter, static_cast<std::size_t>(HttpRefusal::kCount)> refused{};

    void count(HttpRefusal reason) {
        refused[static_cast<std::size_t>(reason)].fetch_add(1, std::memory_order_relaxed);
    }
    std::uint64_t refusedFor(HttpRefusal reason) const { return refused[static_cast<std::size_t>(reason)].load(); }
    std::uint64_t connectionsOpen() const { return connections_opened.load() - connections_closed.load(); }
};

}  // namespace caseway
