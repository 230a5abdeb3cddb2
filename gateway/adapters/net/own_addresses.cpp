// gateway/adapters/net/own_addresses.cpp - by getifaddrs(3).
#include "gateway/adapters/net/own_addresses.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>

namespace caseway {

std::vector<IpAddress> ownAddresses() {
    std::vector<IpAddress> addresses;
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0) return addresses;
    for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
        if (one->ifa_addr == nullptr) continue;
        const int family = one->ifa_addr->sa_family;
        if (family != AF_INET && family != AF_INET6) continue;
        const void* const bytes =
            family == AF_INET ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr)
                              : &reinterpret_cast<const sockaddr_in6*>(one->ifa_addr)->sin6_addr;
        std::array<char, INET6_ADDRSTRLEN> text{};
        if (::inet_ntop(family, bytes, text.data(), text.size()) == nullptr) continue;
        const auto address = IpAddress::parse(text.data());
        if (address) addresses.push_back(*address);
    }
    ::freeifaddrs(first);
    return addresses;
}

}  // namespace caseway
