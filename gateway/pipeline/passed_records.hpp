// gateway/pipeline/passed_records.hpp - of how many records of a run its mapping makes nothing on purpose, as far as
// that is known where its payloads are mapped.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "gateway/normalize/mapping.hpp"

namespace caseway {

class PassedRecords {
public:
    void mapped(const PayloadReport& report) {
        if (count_) *count_ += report.passed_over;
    }
    /// A payload of which no report is at hand: nothing is known any more, unless the mapping never passes over.
    void mappedElsewhere(const MappingSpec& spec) {
        const bool may_pass_over = std::any_of(spec.kinds.begin(), spec.kinds.end(),
                                               [](const KindSpec& kind) { return kind.when || kind.passes_over; });
        if (may_pass_over) count_.reset();
    }
    std::optional<std::uint64_t> count() const { return count_; }

private:
    std::optional<std::uint64_t> count_ = 0;
};

}  // namespace caseway
