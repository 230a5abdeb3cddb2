// gateway/log/head_checks.hpp - the signed heads of a log against the tree that its leaves make, each also against its
// predecessor, and a head that was kept outside against both.
#pragma once

#include "gateway/formats/merkle/merkle_tree.hpp"
#include "gateway/log/verifier.hpp"

namespace caseway {

class HeadChecks {
public:
    HeadChecks(const VerifierOptions& options, VerifyReport& report) : options_(options), report_(report) {}
    /// A leaf that may announce a new origin.
    void entry(LogIndex index, const LogEntry& entry);
    /// The tree grew to its size with `last_leaf`.
    void at(const MerkleTree& tree, std::string_view last_leaf);
    /// A stored head; the tree has all leaves that the source has up to its size.
    void check(const CheckpointRow& row, const MerkleTree& tree);
    void finish(const MerkleTree& tree);

private:
    bool isSigned(const Note& note, const Checkpoint& head) const;
    void checkOrigin(const std::string& where, const Checkpoint& head);

    const VerifierOptions& options_;
    VerifyReport& report_;
    Checkpoint last_;              ///< the last good head
    std::uint64_t last_size_ = 0;  ///< of the last head, good or not
    std::string origin_;           ///< that the next head must bear; empty before the first
};

}  // namespace caseway
