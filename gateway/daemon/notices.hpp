// gateway/daemon/notices.hpp - tells at the start what of the configuration does nothing, as a former version wrote it.
#pragma once

#include "gateway/daemon/settings.hpp"

namespace caseway {

/// A warning each: event `configuration`.
void logNotices(const Settings& settings);

}  // namespace caseway
