// gateway/formats/merkle/compact_tree.cpp - one complete subtree a bit of the size.
#include "gateway/formats/merkle/compact_tree.hpp"

#include <bit>

#include "gateway/formats/merkle/hash.hpp"

namespace caseway {

void CompactTree::append(const Sha256& leaf_hash) {
    Sha256 node = leaf_hash;
    for (std::uint64_t bits = size_; (bits & 1) != 0; bits >>= 1) {
        node = nodeHash(subtrees_.back(), node);
        subtrees_.pop_back();
    }
    subtrees_.push_back(node);
    ++size_;
}

Sha256 CompactTree::root() const {
    if (subtrees_.empty()) return emptyRoot();
    Sha256 hash = subtrees_.back();
    for (std::size_t i = subtrees_.size() - 1; i-- > 0;) hash = nodeHash(subtrees_[i], hash);
    return hash;
}

std::string CompactTree::save() const {
    std::string state = std::to_string(size_);
    for (const Sha256& subtree : subtrees_) state += ' ' + toHex(subtree);
    return state;
}

std::optional<CompactTree> CompactTree::load(std::string_view state) {
    const std::size_t end = std::min(state.find(' '), state.size());
    const auto size = decimalFrom(state.substr(0, end));
    if (!size || state.size() - end != static_cast<std::size_t>(std::popcount(*size)) * 65) return std::nullopt;
    CompactTree tree;
    tree.size_ = *size;
    for (std::size_t at = end; at < state.size(); at += 65) {
        Sha256 subtree;
        if (state[at] != ' ' || !fromHex(state.substr(at + 1, 64), subtree.bytes)) return std::nullopt;
        tree.subtrees_.push_back(subtree);
    }
    return tree;
}

}  // namespace caseway
