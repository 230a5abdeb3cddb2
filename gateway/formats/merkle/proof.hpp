// gateway/formats/merkle/proof.hpp - inclusion and consistency proofs: made from any holder of complete nodes, verified
// from nothing. Source: RFC 6962 §2.1.1-2.1.2; the iterative verification of RFC 9162 §2.1.3.2 and §2.1.4.2.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "gateway/base/bytes.hpp"

namespace caseway {

using ProofHashes = std::vector<Sha256>;

/// Hash of the complete subtree over leaves [index·2^height, (index+1)·2^height).
using NodeSource = std::function<Sha256(unsigned height, std::uint64_t index)>;

/// The incomplete subtrees on the right edge of a tree of one size, and its root: hashed once, then every proof for
/// this size copies.
class RightEdge {
public:
    /// Asks `nodes` for at most 64 complete subtrees.
    RightEdge(std::uint64_t tree_size, const NodeSource& nodes);
    std::uint64_t treeSize() const { return tree_size_; }
    const Sha256& root() const { return root_; }
    /// Hash over the leaves behind the last complete subtree of this height. Only where there are any.
    const Sha256& partial(unsigned height) const { return partial_[height]; }

private:
    std::uint64_t tree_size_;
    std::array<Sha256, 65> partial_;
    Sha256 root_;
};

/// The path from leaf `index` to the root of `edge`. Bug where index >= tree size.
void inclusionProof(std::uint64_t index, const RightEdge& edge, const NodeSource& nodes, ProofHashes& out);
/// That the tree of `old_size` is a prefix of the tree of `edge`. Bug unless 0 < old_size <= tree size.
void consistencyProof(std::uint64_t old_size, const RightEdge& edge, const NodeSource& nodes, ProofHashes& out);

/// False unless the proof leads from exactly this leaf at this index to exactly this root.
bool verifyInclusion(std::uint64_t index, std::uint64_t tree_size, ByteView leaf_hash, ByteView root,
                     std::span<const Sha256> proof);
/// False unless the proof shows the first tree to be a prefix of the second. A tree without leaves proves nothing about
/// a larger one: false, as is a proof that goes with equal sizes.
bool verifyConsistency(std::uint64_t old_size, std::uint64_t new_size, ByteView old_root, ByteView new_root,
                       std::span<const Sha256> proof);

}  // namespace caseway
