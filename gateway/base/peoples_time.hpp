// gateway/base/peoples_time.hpp - times as people at a center read them on their own clock: +08:00, to the second. What
// machines read (--json, leaves) stays as it is stored, in UTC.
#pragma once

#include <string>

#include "gateway/base/time.hpp"

namespace caseway {

/// "2026-05-04T16:30:00+08:00".
inline std::string peoplesTime(Instant instant) {
    return toRfc3339(std::chrono::floor<std::chrono::seconds>(instant), std::chrono::hours(8));
}

}  // namespace caseway
