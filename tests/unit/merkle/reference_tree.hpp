// tests/unit/merkle/reference_tree.hpp - the definitions of RFC 6962 §2.1, recursive and slow, to hold the real ones
// against.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "gateway/formats/merkle/hash.hpp"

namespace caseway::reference {

inline std::size_t split(std::size_t n) {
    std::size_t k = 1;
    while (k * 2 < n) k *= 2;
    return k;
}

inline Sha256 root(std::span<const Sha256> leaves) {
    if (leaves.empty()) return emptyRoot();
    if (leaves.size() == 1) return leaves[0];
    const std::size_t k = split(leaves.size());
    return nodeHash(root(leaves.first(k)), root(leaves.subspan(k)));
}

inline std::vector<Sha256> path(std::size_t m, std::span<const Sha256> leaves) {
    if (leaves.size() <= 1) return {};
    const std::size_t k = split(leaves.size());
    std::vector<Sha256> proof = m < k ? path(m, leaves.first(k)) : path(m - k, leaves.subspan(k));
    proof.push_back(m < k ? root(leaves.subspan(k)) : root(leaves.first(k)));
    return proof;
}

inline std::vector<Sha256> subproof(std::size_t m, std::span<const Sha256> leaves, bool complete) {
    if (m == leaves.size()) return complete ? std::vector<Sha256>{} : std::vector<Sha256>{root(leaves)};
    const std::size_t k = split(leaves.size());
    std::vector<Sha256> proof =
        m <= k ? subproof(m, leaves.first(k), complete) : subproof(m - k, leaves.subspan(k), false);
    proof.push_back(m <= k ? root(leaves.subspan(k)) : root(leaves.first(k)));
    return proof;
}

inline std::vector<Sha256> hashes(std::size_t count, std::size_t seed = 0) {
    std::vector<Sha256> leaves;
    for (std::size_t i = 0; i < count; ++i) leaves.push_back(leafHash("leaf " + std::to_string(seed + i)));
    return leaves;
}

}  // namespace caseway::reference
