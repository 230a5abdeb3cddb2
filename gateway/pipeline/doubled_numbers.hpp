// gateway/pipeline/doubled_numbers.hpp - records of one set that double a number: another record of it says otherwise
// and is no older. Counted while they are merged, told in the message's notes, read from there into the run's counts.
// Which leaves are of the set is known before the writer has the message.
// A reconciliation finds them by itself (pipeline/comparison.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/refusal.hpp"
#include "gateway/domain/message.hpp"
#include "gateway/domain/run.hpp"
#include "gateway/pipeline/set_leaves.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/record/recorder.hpp"

namespace caseway {

inline constexpr std::string_view kNumberDoubled = "number_doubled";

struct Doubled {
    std::uint64_t count = 0;
    std::string such{};  ///< the first number, masked
    bool operator==(const Doubled&) const = default;
};

/// The set that a pulled message is a part of.
struct PulledSet {
    /// Of its other messages, but for those of the page that is being taken; none: the message is the whole set.
    std::shared_ptr<SetLeaves> leaves{};
    /// The first message of the page that is being taken: from it on all are of the set. None: of a page that was.
    std::optional<LogIndex> page_from{};
};

class DoubledNumbers {
public:
    /// `index`: the leaf of the message that is merged.
    DoubledNumbers(StoreReader& reader, const std::optional<PulledSet>& set, LogIndex index)
        : reader_(reader), set_(set), index_(index) {}
    /// For RecordContext::set_since.
    std::optional<LogIndex> since() const;
    void of(const RecordResult& result, Doubled& doubled);

private:
    bool isOfSet(LogIndex leaf);

    StoreReader& reader_;
    const std::optional<PulledSet>& set_;
    const LogIndex index_;
};

/// The set of a payload of this run that bears no message of its own. `leaves`: of the run. None: its doubles are not
/// looked for here.
std::optional<PulledSet> setOf(const Run& run, std::shared_ptr<SetLeaves> leaves);
/// The same of one that was received before, on this page.
std::optional<PulledSet> setOf(StoreReader& reader, RunNo run, std::uint64_t page);

/// As an item of an answer's `notes`, behind the others.
void addNoteOf(const Doubled& doubled, std::vector<Refusal>& notes);
/// What such a note says, of MessageRow::answer.
Doubled doubledIn(std::string_view answer);

/// Of LargeRow::carried: what stands before the rest.
std::string carriedOf(const Doubled& doubled);
/// Takes it from the front of `carried`.
Doubled takeCarried(std::string_view& carried);

}  // namespace caseway
