// gateway/pipeline/stated_values.hpp - what the first record of each number said, so that a second one of the number
// that says otherwise is found, however the set is sorted: eight bytes for each of our cases. Not the values
// themselves.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "gateway/base/time.hpp"
#include "gateway/domain/case_patch.hpp"
#include "gateway/ports/key_set.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// Two records contradict each other where they state the same fields, with other values, and neither is newer by its
/// version, by what happened last in it (its business time) or by the time of its signed message. One that states other
/// fields adds to its case (a set may have one of each step), and so do rows of a list: of these nothing is said. Nor
/// of more ways to fill a record than kShapes.
class StatedValues {
public:
    struct Said {
        std::uint64_t fields = 0;  ///< which ones, with the operation
        std::uint64_t values = 0;
        std::uint64_t order = 0;  ///< version and times, by which one of two is newer
    };
    /// `sent_at`: of the signed message that has it, if one does.
    static Said of(const CasePatch& patch, Instant sent_at);

    /// By a case of ours. Only the first one is kept.
    void keep(CaseId id, const Said& said);
    bool contradicts(CaseId id, const Said& said) const;

    /// By the number of a case that we do not have: keyOfNumbers() of its record, `keys` where it is kept.
    static void keep(const Sha256& key, const Said& said, KeySet& keys);
    static bool contradicts(const Sha256& key, const Said& said, KeySet& keys);

    /// Of both numbers of a record: two that share one of them are not the same.
    static Sha256 keyOfNumbers(const CasePatch& patch);

private:
    static constexpr unsigned kShapeBits = 12;
    static constexpr std::uint32_t kShapes = (1U << kShapeBits) - 1;
    struct Kept {
        std::uint32_t values = 0;  ///< which of the shapes, and 20 bits of what the values hash to; 0: none is kept
        std::uint32_t order = 0;
    };
    static Kept keptOf(const Said& said, std::uint32_t shape);
    std::uint32_t shapeOf(const Said& said) const;  ///< from 1; 0: none of those that are kept

    std::unordered_map<std::uint64_t, std::uint32_t> shapes_;
    std::vector<Kept> kept_;  ///< by case
};

}  // namespace caseway
