// gateway/report/both_sides.hpp - whether both sides agree, by what a reconciliation found and what became of it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/domain/run.hpp"

namespace caseway {

enum class Agreement {
    Agree,
    PutRight,  ///< they do since this run
    Marked,    ///< but for cases that vanished at the source, which this run marked
    Differ     ///< something is left: not put right, not marked, or not readable
};
inline constexpr std::array<std::string_view, 4> kAgreementNames{"agree", "put_right", "marked", "differ"};
constexpr std::string_view nameOf(Agreement agreement) {
    return kAgreementNames[static_cast<std::size_t>(agreement)];
}

struct BothSides {
    Agreement agreement = Agreement::Agree;
    std::uint64_t put_right = 0;  ///< cases
    std::uint64_t left = 0;       ///< cases and records in which they differ still; with a source that has two words
                                  ///< for one number nobody can agree
    std::uint64_t marked_before = 0;  ///< of those that are missing there: a former run marked them
    ReconcileCounts counts{};
    std::string doubled_such{};  ///< a number that the source has twice with other words; masked
};

/// Nothing where the run is no reconciliation, or did not compare to the end.
std::optional<BothSides> bothSidesOf(const Run& run);

}  // namespace caseway
