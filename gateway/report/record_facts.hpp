// gateway/report/record_facts.hpp - what drift and freshness need of one record as it was mapped: its codes, and the
// newest time at which something happened in it.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "gateway/base/time.hpp"

namespace caseway {

/// `patch`: the record's canonical JSON, as the history keeps it. Codes as `status=90`, `accept.accept_result=1`.
/// Deadlines are no business time, nor is what lies behind `now`. A record that cannot be read adds nothing.
void addRecordFacts(std::string_view patch, Instant now, std::set<std::string>& codes, std::optional<Instant>& newest);

}  // namespace caseway
