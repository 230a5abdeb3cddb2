// gateway/adapters/http/address_shares.hpp - what each client address holds of the places, the memory and the workers,
// so that one client cannot take the share of the others. Loop thread only.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace caseway {

class Connection;

struct AddressShare {
    std::list<Connection*> waiting;  ///< in which no whole request is: the longest waiting first
    std::list<Connection*> busy;
    std::size_t inline_bytes = 0;  ///< of bodies in memory
    std::size_t answer_bytes = 0;  ///< of answers that wait
    std::size_t in_flight = 0;     ///< requests handed over and not answered

    std::size_t connections() const { return waiting.size() + busy.size(); }
};

class AddressShares {
public:
    /// The share of an address (IPv6: of its /64), made where it is the first of it. The reference stays good until
    /// leave() finds the share without connections.
    AddressShare& of(std::string_view address);
    /// nullptr where the address holds nothing.
    AddressShare* find(std::string_view address);
    /// To be called when a connection of the address is gone.
    void leave(std::string_view address);

private:
    std::unordered_map<std::string, AddressShare> shares_;
};

}  // namespace caseway
