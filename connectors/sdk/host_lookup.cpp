// connectors/sdk/host_lookup.cpp - getaddrinfo, numeric.
#include "connectors/sdk/host_lookup.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>

#include "connectors/sdk/faults.hpp"

namespace caseway {

std::vector<std::string> lookUpHost(const std::string& host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return {};
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, &freeaddrinfo);
    std::vector<std::string> addresses;
    for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
        char text[NI_MAXHOST] = {};
        if (getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0) continue;
        if (std::find(addresses.begin(), addresses.end(), text) == addresses.end()) addresses.emplace_back(text);
    }
    return addresses;
}

std::vector<std::string> lookUpAllowed(const std::string& host, std::uint16_t port,
                                       const ConnectorSurroundings& surroundings) {
    std::vector<std::string> addresses = lookUpHost(host, port);
    if (addresses.empty()) {
        throw transientFault("host_not_found", host, "the name has no address",
                             "check the name and this machine's name servers");
    }
    if (surroundings.allow_destination)
        for (const std::string& address : addresses) surroundings.allow_destination(host, address, port);
    return addresses;
}

}  // namespace caseway
