// gateway/pipeline/refused_before.hpp - messages that were refused without claiming their id, and the leaf of each:
// sent again they add none. Whoever once saw a signed message (for another gateway, of last month) could otherwise fill
// the log with it. Bounded and forgotten at the end of the process; what claims its id the store remembers. Why:
// docs/decisions/0009.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "gateway/pipeline/prepared_message.hpp"

namespace caseway {

/// For the writer's thread only.
class RefusedBefore {
public:
    explicit RefusedBefore(std::size_t most = 4096) : most_(most) {}

    /// The leaf of the first refusal of this content, signed with this key, by this code; nothing where none is
    /// remembered.
    std::optional<LogIndex> find(const PreparedMessage& message, std::string_view code) const;
    /// Within the leaf's transaction: the same message may follow in it. Forgets the oldest where it is full.
    void add(const PreparedMessage& message, std::string_view code, LogIndex index);
    /// Where that transaction did not happen.
    void remove(const PreparedMessage& message, std::string_view code);

private:
    static std::string keyOf(const PreparedMessage& message, std::string_view code);

    std::size_t most_;
    std::unordered_map<std::string, LogIndex> leaves_;
    std::deque<std::string> in_order_;
};

}  // namespace caseway
