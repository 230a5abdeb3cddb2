// gateway/adapters/net/destination_list.hpp - where connectors may talk to: `connectors.destinations`, deny by default,
// so that a connector's test is no tunnel into the network. Asked for each address that a name gave, after each
// redirect.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/adapters/net/ip_address.hpp"
#include "gateway/adapters/net/own_addresses.hpp"
#include "gateway/base/result.hpp"

namespace caseway {

class DestinationList {
public:
    /// Entries, comma-separated: `host`, `*.suffix`, an address, a range (`10.1.0.0/16`), each with `:port` or for
    /// every port; IPv6 with a port in brackets. Refusal: destination_list_bad.
    /// `own`: addresses of this machine, which are special too.
    static Result<DestinationList> parse(std::string_view text, std::vector<IpAddress> own = ownAddresses());

    /// Why `host` at `address` may not be talked to; empty: it may. `host`: as configured or redirected to; `address`:
    /// numeric, as the look-up gave it. A special address (loopback, link-local, metadata) only where an address or a
    /// range of such is an entry, or the name `localhost`; one of this machine's own only where that very address is an
    /// entry; never by a wide range or another name.
    std::string whyNot(const std::string& host, const std::string& address, std::uint16_t port) const;

    /// How narrowly an address or a range of the list names `address` at `port`: 0: none does; the more, the narrower
    /// the range, and of one range the entry that names the port. Names do not count.
    int nearness(const std::string& address, std::uint16_t port) const;

private:
    struct Entry {
        std::string name{};      ///< lower case; "*.suffix" as ".suffix"
        IpRange range{};         ///< where there is no name
        std::uint16_t port = 0;  ///< 0: every port
    };
    bool allows(const Entry& entry, const std::string& host, const IpAddress& address) const;

    bool isOwn(const IpAddress& address) const;

    std::vector<Entry> entries_;
    std::vector<IpAddress> own_;
};

}  // namespace caseway
