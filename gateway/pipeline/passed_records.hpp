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
    /// A payload that is mapped elsewhere, later: it counts once that is told, unless the mapping never passes over.
    void mappedElsewhere(const MappingSpec& spec) {
        if (mayPassOver(spec)) ++elsewhere_;
    }
    std::optional<std::uint64_t> count() const { return countWith(0, 0); }
    /// `told`: of so many payloads that were mapped elsewhere. Nothing where one of them is not known.
    std::optional<std::uint64_t> countWith(std::uint64_t told, std::uint64_t passed_over) const {
        return told < elsewhere_ ? std::nullopt : std::optional(count_ + passed_over);
    }

private:
    std::uint64_t count_ = 0, elsewhere_ = 0;
};

}  // namespace caseway
