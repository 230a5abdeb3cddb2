// gateway/record/recorder_config.hpp - what the configuration says about merging: numbers, bounds, required fields.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace caseway {

struct RecorderConfig {
    std::string reserved_prefix = "CW-";   ///< no payload may use a case_no that begins with it (in any letter case)
    std::string gateway_short = "center";  ///< stands in assigned numbers: CW-center-000000001
    std::uint64_t max_data_version = 999999;
    std::chrono::hours business_time_ahead{24};  ///< business time may be this much ahead of the time of receipt
    std::size_t max_items_per_list = 2000;       ///< items of one list of one case
    std::size_t max_statements = 20000;          ///< field values of one case, of all systems together
    std::size_t max_state_bytes = 1024 * 1024;
    std::vector<std::string> required{};  ///< dotted names that every record must state, besides source_case_no
    bool settles_repeats = true;  ///< off: a repeated record is merged as any other; for tests that hold both together
};

}  // namespace caseway
