// gateway/sync/jitter.hpp - how much later than due a connector starts on a date, so that not all start at once.
// Always the same for the same name and date: a preview tells the truth, and a restart changes nothing.
#pragma once

#include <chrono>
#include <string_view>

namespace caseway {

/// From 0 to `longest`, both included, evenly spread over names and dates. Stable: part of what users see.
std::chrono::seconds jitter(std::string_view connector, std::chrono::local_days date, std::chrono::seconds longest);

}  // namespace caseway
