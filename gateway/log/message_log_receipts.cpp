// gateway/log/message_log_receipts.cpp - the reading side of the log: receipts, tiles, consistency.
#include "gateway/base/check.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/formats/merkle/hash.hpp"
#include "gateway/formats/merkle/tlog_proof.hpp"
#include "gateway/log/message_log.hpp"
#include "gateway/log/receipt.hpp"

namespace caseway {
namespace {

std::string receiptOf(LogIndex index, std::string_view leaf, const ProofHashes& hashes, std::string_view note) {
    std::string proof, json;
    appendTlogProof(index, hashes, note, proof);
    appendReceipt(leaf, proof, json);
    return json;
}

}  // namespace

std::string MessageLog::receiptFor(LogIndex index) const {
    const std::lock_guard lock(mutex_);
    CASEWAY_CHECK(head_.edge && index < head_.checkpoint.tree_size);
    inclusionProof(index, *head_.edge, tree_.nodes(), proof_);
    if (index >= kept_size_) return receiptOf(index, recent_[index - kept_size_], proof_, head_.note);
    const auto leaf = reader_->leaf(index);
    if (!leaf)
        throw Fault(FaultCode::StoreCorrupt, "leaf " + std::to_string(index) + " is missing",
                    "run: caseway log verify");
    return receiptOf(index, *leaf, proof_, head_.note);
}

std::optional<std::string> MessageLog::receiptFor(LogIndex index, std::uint64_t tree_size) const {
    const auto head = reader_->checkpoint(tree_size);
    const auto leaf = index < tree_size ? reader_->leaf(index) : std::nullopt;
    if (!head || !leaf) return std::nullopt;
    ProofHashes hashes;
    {
        const std::lock_guard lock(mutex_);
        if (tree_size > tree_.size()) return std::nullopt;
        inclusionProof(index, tree_.edge(tree_size), tree_.nodes(), hashes);
    }
    return receiptOf(index, *leaf, hashes, head->note);
}

std::string MessageLog::tile(std::uint32_t level, std::uint64_t n, std::uint64_t tree_size) const {
    const std::lock_guard lock(mutex_);
    return tree_size <= tree_.size() ? tree_.tileAt(level, n, tree_size) : std::string();
}

std::optional<ProofHashes> MessageLog::consistency(std::uint64_t old_size, std::uint64_t new_size) const {
    const std::lock_guard lock(mutex_);
    if (old_size == 0 || old_size > new_size || new_size > tree_.size()) return std::nullopt;
    ProofHashes hashes;
    consistencyProof(old_size, tree_.edge(new_size), tree_.nodes(), hashes);
    return hashes;
}

std::optional<std::string> receiptFromStore(StoreReader& reader, LogIndex index, std::uint64_t tree_size) {
    const auto head = reader.checkpoint(tree_size);
    const auto leaf = index < tree_size ? reader.leaf(index) : std::nullopt;
    if (!head || !leaf) return std::nullopt;
    const MerkleTree tree = treeFromStore(reader, tree_size);
    ProofHashes hashes;
    inclusionProof(index, tree.edge(), tree.nodes(), hashes);
    return receiptOf(index, *leaf, hashes, head->note);
}

}  // namespace caseway
