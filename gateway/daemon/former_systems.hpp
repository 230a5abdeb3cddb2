// gateway/daemon/former_systems.hpp - systems that were taken out of the register and left something in the store.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "gateway/ports/key_ring.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// Looks once for each state of the register: who sends under one is registered in it, so nobody becomes a former
/// system but by the next state. Callable concurrently.
class FormerSystems {
public:
    explicit FormerSystems(Store& store) : store_(store) {}
    /// Those that `known` does not have. Throws Fault{StoreUnavailable, StoreCorrupt}.
    std::vector<SystemId> under(const std::shared_ptr<const KeyRing>& known);

private:
    Store& store_;
    std::mutex mutex_;
    std::weak_ptr<const KeyRing> seen_;  ///< the state of the register that `systems_` is of
    std::vector<SystemId> systems_;
};

}  // namespace caseway
