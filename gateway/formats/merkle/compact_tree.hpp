// gateway/formats/merkle/compact_tree.hpp - the root of a growing list of leaves in at most 64 hashes, with a state
// that can be stored: for record outcomes and for verification, where nobody asks for proofs. Source: RFC 6962 §2.1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/bytes.hpp"

namespace caseway {

class CompactTree {
public:
    void append(const Sha256& leaf_hash);
    std::uint64_t size() const { return size_; }
    /// The root over all leaves so far; of none: emptyRoot().
    Sha256 root() const;
    /// "size" or "size hex hex …", from the largest subtree to the smallest; at most 4.2 KiB.
    std::string save() const;
    /// Nothing for any text that save() could not have made.
    static std::optional<CompactTree> load(std::string_view state);

private:
    std::uint64_t size_ = 0;
    std::vector<Sha256> subtrees_;  ///< one a bit of size_, largest first
};

}  // namespace caseway
