// gateway/sync/schedule_of.hpp - a schedule as a connector's file or a command line writes it, made into one that can
// be asked for its runs; every mistake at once.
#pragma once

#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/domain/registered_connector.hpp"
#include "gateway/sync/schedule.hpp"

namespace caseway {

/// `connector`: its name, for the jitter. Refusals: of Schedule::make, of its parts, `schedule_days_invalid`,
/// `schedule_missed_invalid`; `where` begins with the key of the part: "cron field 2 (hour), column 4", "windows/0",
/// "calendar, line 3".
Result<Schedule, std::vector<Refusal>> scheduleOf(const ConnectorSchedule& written, const std::string& connector);

/// "90s", "10m", "1h". Refusal: jitter_invalid, or `code`.
Result<std::chrono::seconds> parseDuration(const std::string& text, std::string code, std::string where);

}  // namespace caseway
