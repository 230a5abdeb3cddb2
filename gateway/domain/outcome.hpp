// gateway/domain/outcome.hpp - what became of a message and of each record in it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "gateway/base/refusal.hpp"

namespace caseway {

enum class RecordOutcome : std::uint8_t { New, Changed, Same, Stale, Refused };
constexpr std::string_view nameOf(RecordOutcome outcome) {
    constexpr std::string_view kNames[] = {"new", "changed", "same", "stale", "refused"};
    return kNames[static_cast<std::size_t>(outcome)];
}

/// Records that were refused by themselves, by the code of their first mistake.
using RefusedByCode = std::map<std::string, std::uint64_t, std::less<>>;

/// read = fresh + changed + same + stale + refused, always.
struct RecordCounts {
    std::uint64_t fresh = 0;  ///< "new" in JSON
    std::uint64_t changed = 0;
    std::uint64_t same = 0;
    std::uint64_t stale = 0;
    std::uint64_t refused = 0;

    std::uint64_t total() const { return fresh + changed + same + stale + refused; }
    void add(RecordOutcome outcome) {
        switch (outcome) {
            case RecordOutcome::New:
                ++fresh;
                break;
            case RecordOutcome::Changed:
                ++changed;
                break;
            case RecordOutcome::Same:
                ++same;
                break;
            case RecordOutcome::Stale:
                ++stale;
                break;
            case RecordOutcome::Refused:
                ++refused;
                break;
        }
    }
    void add(const RecordCounts& more) {
        fresh += more.fresh;
        changed += more.changed;
        same += more.same;
        stale += more.stale;
        refused += more.refused;
    }
    bool operator==(const RecordCounts&) const = default;
};

/// Where a record went, as its outcome line states it: what ties its history row, its case and its change to the leaf.
/// Numbers are 0 where there is none.
struct RecordTrace {
    std::int64_t case_id = 0;
    std::uint64_t change = 0;           ///< its number in the feed
    std::int64_t absorbed = 0;          ///< a case that turned out to be this one
    std::uint64_t absorbed_change = 0;  ///< the number that announces it
    std::int64_t alias = 0;             ///< the row made for the sender's own number of the case
    std::optional<Sha256> patch{};      ///< of its text as the history keeps it; none: no history row
    std::uint64_t repeats_index = 0;    ///< leaf of the record that it repeats, whose history row is its own
    std::uint64_t repeats_record = 0;   ///< that record's ordinal; 0: it repeats none

    bool operator==(const RecordTrace&) const = default;
};

/// accepted: every record taken; partial: some; refused: none, or the message itself; received: being applied.
enum class MessageOutcome : std::uint8_t { Accepted, Partial, Refused, Received };
constexpr std::string_view nameOf(MessageOutcome outcome) {
    constexpr std::string_view kNames[] = {"accepted", "partial", "refused", "received"};
    return kNames[static_cast<std::size_t>(outcome)];
}

/// The code in answers and reports for a message of which every record was refused; its leaf has none.
inline constexpr std::string_view kNoRecordTaken = "no_record_taken";

}  // namespace caseway
