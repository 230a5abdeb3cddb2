// gateway/daemon/health_host.cpp - see the header.
#include "gateway/daemon/health_host.hpp"

#include <Poco/Net/IPAddress.h>

namespace caseway {

bool isHealthHost(const RequestHead& head, std::string_view configured) {
    const auto host = head.find("Host");
    if (!host) return true;
    const bool is_bracketed = host->starts_with('[');
    const std::size_t end = is_bracketed ? host->find(']') : host->find(':');
    const std::string_view name = host->substr(is_bracketed ? 1 : 0, end - (is_bracketed ? 1 : 0));
    if (equalsIgnoringCase(name, "localhost") || equalsIgnoringCase(name, configured)) return true;
    Poco::Net::IPAddress address;
    if (!Poco::Net::IPAddress::tryParse(std::string(name), address)) return false;
    return address.isLoopback() || configured == "0.0.0.0" || configured == "::";
}

}  // namespace caseway
