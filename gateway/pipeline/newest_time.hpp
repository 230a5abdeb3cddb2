// gateway/pipeline/newest_time.hpp - the newest time that our own books bear: a clock far behind it was set back.
#pragma once

#include <optional>

#include "gateway/base/time.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// Of the last leaf and of the last runs of all connectors; nothing where there are none.
std::optional<Instant> newestTime(StoreReader& reader);

}  // namespace caseway
