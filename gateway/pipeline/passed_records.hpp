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
    static bool mayPassOver(const MappingSpec& spec) {
        return std::any_of(spec.kinds.begin(), spec.kinds.end(),
                           [](const KindSpec& kind) { return kind.when || kind.passes_over; });
    }
    void mapped(const PayloadReport& report) { count_ += report.passed_over; }
    /// A payload that was mapped elsewhere, before: unless the mapping never passes over, nobody knows.
    void mappedElsewhere(const MappingSpec& spec) {
        if (mayPassOver(spec)) ++elsewhere_;
    }
    /// Nothing where a payload that was mapped elsewhere is not known.
    std::optional<std::uint64_t> count() const { return elsewhere_ == 0 ? std::optional(count_) : std::nullopt; }

private:
    std::uint64_t count_ = 0, elsewhere_ = 0;
};

}  // namespace caseway
