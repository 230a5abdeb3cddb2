// gateway/domain/reconciliation.hpp - a department's whole set beside ours, as plain values: what may be put right by
// itself, and counts of both sides that must add up. What the words mean: docs/operating/reconciliation.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caseway {

/// What a reconciliation may put right with what it read. It never deletes.
enum class Repair { None, Missing, Different, Both };
inline constexpr std::array<std::string_view, 4> kRepairNames{"none", "missing", "different", "both"};
constexpr std::string_view nameOf(Repair repair) {
    return kRepairNames[static_cast<std::size_t>(repair)];
}
constexpr bool repairsMissing(Repair repair) {
    return repair == Repair::Missing || repair == Repair::Both;
}
constexpr bool repairsDifferent(Repair repair) {
    return repair == Repair::Different || repair == Repair::Both;
}
std::optional<Repair> parseRepair(std::string_view text);

/// A share in tenths of a percent: "5%", "0.5 %", "100%".
struct Share {
    std::uint32_t permille = 50;

    static std::optional<Share> parse(std::string_view text);
    std::string text() const;
    /// More than this share of `all`?
    bool isExceededBy(std::uint64_t part, std::uint64_t all) const;
    bool operator==(const Share&) const = default;
};

struct ReconcileOrder {
    Repair repair = Repair::Both;
    Share vanished_at_most{};     ///< of our cases: where more would be marked at once, nothing is
    bool is_share_given = false;  ///< by a person for this run, not by the connector's file

    bool operator==(const ReconcileOrder&) const = default;
};

/// What one record of the source, or one case of ours, was found to be.
enum class Difference { MissingHere, Different, NewerHere, DeletedHere, Repeated, MissingThere, Returned, Doubled };
inline constexpr std::array<std::string_view, 8> kDifferenceNames{
    "missing_here", "different", "newer_here", "deleted_here", "repeated", "missing_there", "returned", "doubled"};
constexpr std::string_view nameOf(Difference difference) {
    return kDifferenceNames[static_cast<std::size_t>(difference)];
}

struct ReconcileCounts {
    // What the source gave: read = same + different + missing_here + newer_here + deleted_here + repeated + refused.
    std::uint64_t read = 0;
    std::uint64_t same = 0;
    std::uint64_t different = 0;     ///< the source's record would change ours
    std::uint64_t missing_here = 0;  ///< we have no such case
    std::uint64_t newer_here = 0;    ///< we know newer, from other messages
    std::uint64_t deleted_here = 0;  ///< it was deleted here, and the source still has it
    std::uint64_t repeated = 0;      ///< the source gave its number before
    std::uint64_t refused = 0;       ///< the mapping or the rules do not take it
    // What we have of that system: ours = both + missing_there + not_compared.
    std::uint64_t ours = 0;
    std::uint64_t both = 0;
    std::uint64_t missing_there = 0;
    std::uint64_t not_compared = 0;  ///< changed meanwhile, or told by other connectors only
    // What became of it.
    std::uint64_t marked = 0;    ///< as vanished, by this run
    std::uint64_t returned = 0;  ///< seen again: their marks were taken away
    // Why the set may not be whole.
    std::uint64_t unreadable = 0;        ///< of `refused`: without a number, so that nobody can tell whose case it is
    std::uint64_t payloads_refused = 0;  ///< not readable as a whole
    // Whether the source contradicts itself.
    std::uint64_t doubled =
        0;  ///< of `repeated`: the first of its number states the same fields, with other values, and neither is newer

    bool addUp() const {
        return read == same + different + missing_here + newer_here + deleted_here + repeated + refused &&
               ours == both + missing_there + not_compared;
    }
    bool operator==(const ReconcileCounts&) const = default;
};

/// Where our side stood as it began, by the log's own order and no clock: a case that a message speaks of at this leaf
/// or later, or that has a later change, is not judged.
struct ReconcileBegan {
    std::uint64_t leaf = 0;  ///< the first that was not there yet; an earlier one where a large message was unfinished
    std::uint64_t change = 0;  ///< the last one of the feed

    bool operator==(const ReconcileBegan&) const = default;
};

struct Reconciliation {
    ReconcileOrder order;
    ReconcileCounts counts{};
    std::string report{};  ///< SHA-256 of the difference report, hex; empty where there is none
    std::optional<ReconcileBegan> began{};
    std::string doubled_such{};  ///< the first number of those that are doubled, masked
};

}  // namespace caseway
