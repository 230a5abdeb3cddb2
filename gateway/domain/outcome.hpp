// gateway/domain/outcome.hpp - what became of a message and of each record in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/refusal.hpp"

namespace caseway {

enum class RecordOutcome : std::uint8_t { New, Changed, Same, Stale, Refused };
constexpr std::string_view nameOf(RecordOutcome outcome) {
    constexpr std::string_view kNames[] = {"new", "changed", "same", "stale", "refused"};
    return kNames[static_cast<std::size_t>(outcome)];
}

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
    bool operator==(const RecordCounts&) const = default;
};

/// accepted: every record taken; partial: some; refused: none, or the message itself; received: being applied.
enum class MessageOutcome : std::uint8_t { Accepted, Partial, Refused, Received };
constexpr std::string_view nameOf(MessageOutcome outcome) {
    constexpr std::string_view kNames[] = {"accepted", "partial", "refused", "received"};
    return kNames[static_cast<std::size_t>(outcome)];
}

}  // namespace caseway
