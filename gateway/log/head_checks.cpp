// gateway/log/head_checks.cpp - signature, size, root, origin of each head.
#include "gateway/log/head_checks.hpp"

#include <algorithm>

#include "gateway/log/leaf.hpp"
#include "gateway/log/receipt.hpp"

namespace caseway {
namespace {

std::string headAt(std::uint64_t size) {
    return "checkpoint " + std::to_string(size);
}

}  // namespace

void HeadChecks::entry(LogIndex index, const LogEntry& entry) {
    if (entry.type != EntryType::Audit || detailText(entry, "event") != "new_origin") return;
    const std::string where = "leaf " + std::to_string(index);
    const std::string claimed =
        detailText(entry, "old_origin") + " " + detailText(entry, "old_size") + " " + detailText(entry, "old_root");
    // Before the first leaf there was no head: a log without one was restored, and who it was only that leaf says.
    const std::string origin = index == 0 ? detailText(entry, "old_origin") : last_.origin;
    const std::string before = origin + " " + std::to_string(index) + " " + toHex(last_.root);
    if (claimed != before || last_.tree_size != index)
        report_.findings.add("origin_change_wrong", where, before, claimed,
                             "a new origin must name the head that it continues");
    origin_ = detailText(entry, "new_origin");
}

void HeadChecks::at(const MerkleTree& tree, std::string_view last_leaf) {
    if (!options_.against) return;
    const HeldHead& held = *options_.against;
    if (!held.leaf.empty() && tree.size() == held.index + 1 && held.leaf != last_leaf)
        report_.findings.add("held_leaf_differs", "leaf " + std::to_string(held.index), held.leaf,
                             std::string(last_leaf.substr(0, kLeafMax)),
                             "the receipt is signed: the log was rewritten after it was given");
    if (tree.size() != held.checkpoint.tree_size) return;
    if (const Sha256 root = tree.edge().root(); root != held.checkpoint.root)
        report_.findings.add("held_head_differs", headAt(tree.size()), toHex(held.checkpoint.root), toHex(root),
                             "the head kept outside is signed: entries before it were changed after it was given");
}

bool HeadChecks::isSigned(const Note& note, const Checkpoint& head) const {
    return std::any_of(options_.keys.begin(), options_.keys.end(),
                       [&](const NoteKey& key) { return verifyNote(note, key.renamed(head.origin)).ok(); });
}

void HeadChecks::checkOrigin(const std::string& where, const Checkpoint& head) {
    if (origin_.empty()) origin_ = head.origin;
    if (head.origin != origin_)
        report_.findings.add("origin_differs", where, origin_, head.origin,
                             "a head of another log, or a new origin without its audit leaf");
}

void HeadChecks::check(const CheckpointRow& row, const MerkleTree& tree) {
    const std::string where = headAt(row.tree_size);
    const auto note = parseNote(row.note);
    const auto head = note.ok() ? parseCheckpointText(note->text) : Result<Checkpoint>(note.error());
    if (!head) {
        report_.findings.add("checkpoint_malformed", where, head.error().rule, head.error().where, head.error().hint);
        return;
    }
    const std::uint64_t count = report_.findings.count();
    if (head->tree_size != row.tree_size)
        report_.findings.add("checkpoint_misplaced", where, std::to_string(row.tree_size),
                             std::to_string(head->tree_size), "stored under another size than it says");
    if (head->tree_size <= last_size_ && last_size_ != 0)
        report_.findings.add("checkpoint_not_growing", where, "more than " + std::to_string(last_size_),
                             std::to_string(head->tree_size), "two heads of one size, or heads out of order");
    last_size_ = head->tree_size;
    checkOrigin(where, *head);
    if (!options_.keys.empty() && !isSigned(*note, *head))
        report_.findings.add("checkpoint_not_signed", where, "a signature of " + options_.keys.front().text(),
                             "none that verifies",
                             "the head was altered, or signed by another key: give the key of this log");
    if (head->tree_size > tree.size()) {
        report_.findings.add("log_truncated", where, std::to_string(head->tree_size) + " leaves",
                             std::to_string(tree.size()) + " leaves",
                             "leaves at the end were deleted: look in a backup");
    } else if (head->tree_size < tree.size()) {
        report_.findings.add("checkpoint_misplaced", where, "behind its last leaf",
                             "behind leaf " + std::to_string(tree.size() - 1));
    } else {
        if (const Sha256 root = tree.edge().root(); root != head->root)
            report_.findings.add("root_differs", where, toHex(head->root), toHex(root),
                                 "a leaf after " + headAt(last_.tree_size) + " was changed, removed or moved");
    }
    if (report_.findings.count() != count) return;
    ++report_.heads;
    last_ = *head;
    report_.tree_size = head->tree_size;
    report_.origin = head->origin;
}

void HeadChecks::finish(const MerkleTree& tree) {
    if (tree.size() > last_size_)
        report_.findings.add("leaf_not_sealed", "leaf " + std::to_string(last_size_),
                             "a checkpoint over " + std::to_string(tree.size()) + " leaves", headAt(last_size_),
                             "heads were deleted, or leaves added behind the log's back");
    const auto named = [this](const NoteKey& key) { return forOrigin(key, origin_).name() == origin_; };
    if (!options_.keys.empty() && !origin_.empty() && std::none_of(options_.keys.begin(), options_.keys.end(), named))
        report_.findings.add("origin_differs", headAt(last_size_), options_.keys.front().name(), origin_,
                             "the key is that of another log");
    if (options_.against && options_.against->checkpoint.tree_size > tree.size())
        report_.findings.add(
            "log_truncated", headAt(options_.against->checkpoint.tree_size),
            std::to_string(options_.against->checkpoint.tree_size) + " leaves", std::to_string(tree.size()) + " leaves",
            "the head kept outside is signed: the end of the log was cut off, or an older backup was restored");
}

}  // namespace caseway
