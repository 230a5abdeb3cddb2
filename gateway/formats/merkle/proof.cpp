// gateway/formats/merkle/proof.cpp - proofs out of complete nodes and one right edge; iterative verification.
#include "gateway/formats/merkle/proof.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "gateway/base/check.hpp"
#include "gateway/formats/merkle/hash.hpp"

namespace caseway {
namespace {

/// Siblings on the way from node `index` of `height` up to the root. A node without sibling is carried upwards as it
/// is.
void appendPath(unsigned height, std::uint64_t index, const RightEdge& edge, const NodeSource& nodes,
                ProofHashes& out) {
    const std::uint64_t size = edge.treeSize();
    for (unsigned h = height; (size - 1) >> h != 0; ++h, index >>= 1) {
        const std::uint64_t sibling = index ^ 1;
        const std::uint64_t complete = size >> h;
        if (sibling < complete) {
            out.push_back(nodes(h, sibling));
        } else if (sibling == complete && sibling << h < size) {
            out.push_back(edge.partial(h));
        }
    }
}

bool isHash(ByteView bytes) {
    return bytes.size() == 32;
}
Sha256 toHash(ByteView bytes) {
    Sha256 hash;
    std::memcpy(hash.bytes.data(), bytes.data(), 32);
    return hash;
}
bool equal(ByteView a, ByteView b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace

RightEdge::RightEdge(std::uint64_t tree_size, const NodeSource& nodes) : tree_size_(tree_size), root_(emptyRoot()) {
    bool any = false;
    Sha256 rest;
    const unsigned heights = static_cast<unsigned>(std::bit_width(tree_size));
    for (unsigned h = 0; h < heights; ++h) {
        partial_[h] = rest;
        if ((tree_size >> h & 1) == 0) continue;
        const Sha256 node = nodes(h, (tree_size >> h) - 1);
        rest = any ? nodeHash(node, rest) : node;
        any = true;
    }
    if (any) root_ = rest;
}

void inclusionProof(std::uint64_t index, const RightEdge& edge, const NodeSource& nodes, ProofHashes& out) {
    CASEWAY_CHECK(index < edge.treeSize());
    out.clear();
    appendPath(0, index, edge, nodes, out);
}

void consistencyProof(std::uint64_t old_size, const RightEdge& edge, const NodeSource& nodes, ProofHashes& out) {
    CASEWAY_CHECK(old_size > 0 && old_size <= edge.treeSize());
    out.clear();
    if (old_size == edge.treeSize()) return;
    const unsigned height = static_cast<unsigned>(std::countr_zero(old_size));
    const std::uint64_t node = (old_size >> height) - 1;
    if (!std::has_single_bit(old_size)) out.push_back(nodes(height, node));
    appendPath(height, node, edge, nodes, out);
}

bool verifyInclusion(std::uint64_t index, std::uint64_t tree_size, ByteView leaf_hash, ByteView root,
                     std::span<const Sha256> proof) {
    if (index >= tree_size || !isHash(leaf_hash) || !isHash(root)) return false;
    std::uint64_t fn = index, sn = tree_size - 1;
    Sha256 hash = toHash(leaf_hash);
    for (const Sha256& step : proof) {
        if (sn == 0) return false;
        if ((fn & 1) != 0 || fn == sn) {
            hash = nodeHash(step, hash);
            while ((fn & 1) == 0 && fn != 0) fn >>= 1, sn >>= 1;
        } else {
            hash = nodeHash(hash, step);
        }
        fn >>= 1, sn >>= 1;
    }
    return sn == 0 && equal(hash, root);
}

bool verifyConsistency(std::uint64_t old_size, std::uint64_t new_size, ByteView old_root, ByteView new_root,
                       std::span<const Sha256> proof) {
    if (old_size > new_size) return false;
    if (old_size == new_size) return proof.empty() && equal(old_root, new_root);
    if (old_size == 0 || proof.empty() || !isHash(old_root) || !isHash(new_root)) return false;
    std::uint64_t fn = old_size - 1, sn = new_size - 1;
    while ((fn & 1) != 0) fn >>= 1, sn >>= 1;
    const bool seed_is_old_root = std::has_single_bit(old_size);
    Sha256 old_hash = seed_is_old_root ? toHash(old_root) : proof.front();
    Sha256 new_hash = old_hash;
    for (const Sha256& step : proof.subspan(seed_is_old_root ? 0 : 1)) {
        if (sn == 0) return false;
        if ((fn & 1) != 0 || fn == sn) {
            old_hash = nodeHash(step, old_hash);
            new_hash = nodeHash(step, new_hash);
            while ((fn & 1) == 0 && fn != 0) fn >>= 1, sn >>= 1;
        } else {
            new_hash = nodeHash(new_hash, step);
        }
        fn >>= 1, sn >>= 1;
    }
    return sn == 0 && equal(old_hash, old_root) && equal(new_hash, new_root);
}

}  // namespace caseway
