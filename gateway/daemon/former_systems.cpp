// gateway/daemon/former_systems.cpp - the store's dictionary of systems without those that are registered.
#include "gateway/daemon/former_systems.hpp"

#include "gateway/ports/store_snapshot.hpp"

namespace caseway {

std::vector<SystemId> FormerSystems::under(const std::shared_ptr<const KeyRing>& known) {
    const std::lock_guard lock(mutex_);
    if (seen_.lock() == known) return systems_;
    std::vector<SystemId> found;
    for (const SystemRow& row : store_.snapshot()->systems())
        if (const auto system = SystemId::parse(row.name); system && known->system(*system) == nullptr)
            found.push_back(*system);
    systems_ = std::move(found);
    seen_ = known;
    return systems_;
}

}  // namespace caseway
