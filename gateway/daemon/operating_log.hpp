// gateway/daemon/operating_log.hpp - structured lines for operators, one JSON object a line, on Poco's logger. No
// personal data: ids, codes, counts, durations. Not the evidence: that is gateway/log.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace caseway {

/// Sets the level of the root logger ("information", …) and sends its lines to stderr.
void openOperatingLog(const std::string& level);

/// Whether lines of this kind are written at all: ask before making their members on a busy path.
bool logsInformation();

using LogMember = std::pair<std::string_view, std::string_view>;
/// {"time":…,"level":…,"event":…, members…}; empty members are left out. Callable concurrently.
void logInformation(std::string_view event, std::initializer_list<LogMember> members);
void logWarning(std::string_view event, std::initializer_list<LogMember> members);
void logError(std::string_view event, std::initializer_list<LogMember> members);

}  // namespace caseway
