// gateway/adapters/sqlite/snapshot.hpp - the whole database inside one read transaction, on a connection of its own.
#pragma once

#include <memory>

#include "gateway/adapters/sqlite/connection.hpp"
#include "gateway/ports/store_snapshot.hpp"

namespace caseway {

/// Throws Fault{StoreUnavailable, StoreCorrupt}.
std::unique_ptr<StoreSnapshot> openSnapshot(const std::string& file, const ConnectionSettings& settings);

}  // namespace caseway
