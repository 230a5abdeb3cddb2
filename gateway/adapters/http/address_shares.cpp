// gateway/adapters/http/address_shares.cpp - see the header.
#include "gateway/adapters/http/address_shares.hpp"

#include "gateway/adapters/http/rate_limiter.hpp"

namespace caseway {

AddressShare& AddressShares::of(std::string_view address) {
    return shares_[rateKey(address)];
}

AddressShare* AddressShares::find(std::string_view address) {
    const auto found = shares_.find(rateKey(address));
    return found == shares_.end() ? nullptr : &found->second;
}

void AddressShares::leave(std::string_view address) {
    const auto found = shares_.find(rateKey(address));
    if (found != shares_.end() && found->second.connections() == 0) shares_.erase(found);
}

}  // namespace caseway
