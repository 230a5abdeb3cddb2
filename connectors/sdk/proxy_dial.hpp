// connectors/sdk/proxy_dial.hpp - a TCP connection through a proxy, for libraries that take a socket and speak no HTTP:
// by CONNECT (http://) or SOCKS5 (socks5://). Both ends are asked for: the proxy that is dialled, and the address that
// it is told, never a name.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "connectors/sdk/call_budget.hpp"
#include "connectors/sdk/descriptor.hpp"

namespace caseway {

struct ProxyWay {
    std::string url;  ///< `http://proxy:3128`, `socks5://proxy:1080`; empty: none, whatever the environment says
    std::string user;
    std::string password;  ///< secret
};

/// What is wrong with the address of a proxy; nothing where it is good or empty.
std::optional<std::string> mistakeInProxy(const std::string& url);

/// Tries each address of `host` in turn, for `longest` altogether. The socket does not block. Faults: proxy_refused,
/// not_reachable, host_not_found, destination_not_allowed, stopping, deadline_passed.
Descriptor dialByProxy(const ProxyWay& proxy, const std::string& host, std::uint16_t port,
                       std::chrono::milliseconds longest, const CallBudget& budget,
                       const ConnectorSurroundings& surroundings);

}  // namespace caseway
