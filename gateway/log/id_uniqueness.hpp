// gateway/log/id_uniqueness.hpp - that no sender's message id was accepted twice, in memory that does not grow with the
// log: where there are too many ids for one pass, each pass looks at one part of them.
#pragma once

#include <cstdint>
#include <vector>

#include "gateway/log/verifier.hpp"

namespace caseway {

class IdUniqueness {
public:
    /// `part` of `parts`: the ids whose digest falls into it.
    IdUniqueness(std::uint64_t part, std::uint64_t parts) : part_(part), parts_(parts) {}
    void add(LogIndex index, const LogEntry& entry);
    void report(Findings& findings);
    std::size_t size() const { return seen_.size(); }

private:
    struct Seen {
        std::uint64_t digest;  ///< 8 bytes of SHA-256: a chance match among ten million ids is one in 370,000
        LogIndex index;
    };
    std::uint64_t part_;
    std::uint64_t parts_;
    std::vector<Seen> seen_;
};

}  // namespace caseway
