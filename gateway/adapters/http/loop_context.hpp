// gateway/adapters/http/loop_context.hpp - what the poll loop lends to its connections. Loop thread only, but for the
// mailbox.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <vector>

#include "gateway/adapters/http/address_shares.hpp"
#include "gateway/adapters/http/http_config.hpp"
#include "gateway/adapters/http/http_counters.hpp"
#include "gateway/adapters/http/mailbox.hpp"
#include "gateway/adapters/http/rate_limiter.hpp"
#include "gateway/adapters/http/request_handler.hpp"
#include "gateway/adapters/http/spool_task.hpp"

namespace caseway {

class Connection;

/// A complete request on its way to a worker.
struct HandlerJob {
    const AddressShare* client;  ///< whose turn it is; nullptr: of a listener without shares. Not to be looked at.
    Request request;
    Responder responder;
};

struct LoopContext {
    using Time = std::chrono::steady_clock::time_point;

    const HttpServerConfig& config;
    RequestHandler& handler;
    HttpCounters& counters;
    std::shared_ptr<Mailbox> mailbox;
    SpoolPool& spool_pool;
    RateLimiter& limiter;

    Time now{};  ///< of this tick
    bool stopping = false;
    std::size_t in_flight = 0;          ///< requests handed over and not answered
    std::size_t inline_bytes = 0;       ///< held by bodies in memory
    std::size_t answer_bytes = 0;       ///< held by answers that their peers have not taken, at limited listeners
    std::vector<HandlerJob> ready{};    ///< handed to the workers at the end of the tick
    std::vector<ConnectionId> again{};  ///< connections that used up their turn but could go on
    std::list<Connection*> waiting{};   ///< in which no whole request is: the longest waiting first
    std::list<Connection*> busy{};
    AddressShares addresses{};
    std::array<char, 64 * 1024> scratch{};

    const HttpLimits& limits() const { return config.limits; }
};

}  // namespace caseway
