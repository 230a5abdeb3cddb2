// gateway/sync/source_gave.hpp - what a source gave in a run beside what it says that it has, as the connector counts
// both; what a mapping finds in it is counted elsewhere.
#pragma once

#include <cstdint>
#include <optional>

#include "gateway/ports/connector.hpp"

namespace caseway {

struct SourceGave {
    bool is_whole = false;  ///< it was asked for everything, from the beginning, in one go
    std::optional<std::uint64_t> total{};  ///< of the whole set, the source's last word
    std::uint64_t records = 0;
    bool is_counted = true;  ///< false: a page came whose records the connector does not count
    bool withholds = false;  ///< it says itself that it does not give everything

    void note(const PageEnd& end, bool has_payloads) {
        if (end.source_total) total = end.source_total;
        records += end.records;
        is_counted = is_counted && (!has_payloads || end.records != 0);
        withholds = withholds || !end.withheld.empty();
    }
};

}  // namespace caseway
