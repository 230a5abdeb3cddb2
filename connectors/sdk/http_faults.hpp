// connectors/sdk/http_faults.hpp - what went wrong in an exchange, as a ConnectorFault: who has to act, and how. Codes:
// docs/errors.md.
#pragma once

#include <string>

#include "connectors/sdk/http_client.hpp"

namespace caseway {

/// libcurl's number and words; `where` is the address without its query.
ConnectorFault faultOfTransport(int curl_code, const std::string& words, const std::string& where);
/// The proxy's status to CONNECT, where it opens no tunnel to `address`.
ConnectorFault faultOfTunnel(long status, const std::string& address, std::uint16_t port, const std::string& where);
/// Of a status that is not the one asked for (2xx, 304).
ConnectorFault faultOfStatus(const HttpAnswer& answer);
/// Retry-After in seconds or as a date, at most a day.
std::optional<std::chrono::seconds> retryAfter(const HttpAnswer& answer, std::chrono::system_clock::time_point now);

}  // namespace caseway
