// connectors/sdk/host_lookup.hpp - a name's addresses, each asked for before anybody dials it. For libraries that dial
// by themselves and give no hook, the caller hands them the address instead of the name.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/ports/connector.hpp"

namespace caseway {

/// "sftp.example:22", which is no name: one colon; an address of IPv6 has more.
inline bool bearsPort(std::string_view host) {
    return std::count(host.begin(), host.end(), ':') == 1;
}

/// Numeric addresses, each once; empty where the name has none.
std::vector<std::string> lookUpHost(const std::string& host, std::uint16_t port);
/// The same, all of them allowed. Throws ConnectorFault{Transient, host_not_found} and what allow_destination throws.
std::vector<std::string> lookUpAllowed(const std::string& host, std::uint16_t port,
                                       const ConnectorSurroundings& surroundings);

}  // namespace caseway
