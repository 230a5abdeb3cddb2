// gateway/adapters/net/own_addresses.hpp - the addresses that this machine's own interfaces have now. What listens
// there (admin pages, databases, the gateway itself) is no department's server, whatever name leads to it.
#pragma once

#include <vector>

#include "gateway/adapters/net/ip_address.hpp"

namespace caseway {

/// Empty where the kernel does not tell.
std::vector<IpAddress> ownAddresses();

}  // namespace caseway
