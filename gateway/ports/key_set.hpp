// gateway/ports/key_set.hpp - which keys were there before, for sets that no memory should hold.
#pragma once

#include <functional>
#include <memory>

#include "gateway/base/bytes.hpp"

namespace caseway {

/// Gone with its object, and with the process. One thread at a time. Both throw Fault{StoreUnavailable}.
class KeySet {
public:
    virtual ~KeySet() = default;
    /// False where it was there already.
    virtual bool insert(const Sha256& key) = 0;
    virtual bool contains(const Sha256& key) = 0;
};
using KeySetMaker = std::function<std::unique_ptr<KeySet>()>;

}  // namespace caseway
