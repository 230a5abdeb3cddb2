// gateway/log/verifier.cpp - the pass over the log: order, leaves, tree, tiles, heads.
#include "gateway/log/verifier.hpp"

#include <set>

#include "gateway/formats/merkle/hash.hpp"
#include "gateway/formats/merkle/merkle_tree.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/log/entry_checks.hpp"
#include "gateway/log/head_checks.hpp"
#include "gateway/log/id_uniqueness.hpp"
#include "gateway/log/leaf.hpp"
#include "gateway/log/table_checks.hpp"

namespace caseway {
namespace {

constexpr std::uint64_t kProgressEvery = 10'000;

std::string leafAt(LogIndex index) {
    return "leaf " + std::to_string(index);
}

class Pass {
public:
    Pass(LogSource& source, const VerifierOptions& options, VerifyReport& report)
        : source_(source),
          options_(options),
          report_(report),
          tree_([](std::uint32_t, std::uint64_t) { return std::nullopt; }),
          entries_(source, options, report),
          heads_(options, report),
          ids_(0, 1) {
        if (source.store() != nullptr) tables_.emplace(*source.store(), report.findings);
    }

    void run();

private:
    bool hasForeignSchema();
    void leaf(LogIndex index, const std::string& leaf);
    void compareTiles(std::uint64_t since);
    void finish();
    void checkIds();
    void checkCertificates();

    LogSource& source_;
    const VerifierOptions& options_;
    VerifyReport& report_;
    MerkleTree tree_;
    EntryChecks entries_;
    HeadChecks heads_;
    IdUniqueness ids_;
    std::optional<TableChecks> tables_;  ///< of a store
    std::set<KeyId> certificates_;       ///< of a bundle: that leaves name
    bool ids_fit_ = true;
};

/// The schema first: whoever replaced a table by a view that never ends would have us read for ever.
bool Pass::hasForeignSchema() {
    if (source_.store() == nullptr) return false;
    for (const std::string& line : source_.store()->foreignSchema()) {
        report_.has_foreign_schema = true;
        report_.findings.add("store_damaged", "database", "", line,
                             "nothing else was verified: restore a backup; what is stored here cannot be relied on");
    }
    return report_.has_foreign_schema;
}

void Pass::run() {
    if (hasForeignSchema()) return;
    source_.rewind();
    heads_.at(tree_, "");
    std::string leaf_bytes;
    for (LogIndex index = 0;;) {
        const auto more = source_.nextLeaf(index, leaf_bytes);
        if (!more) {
            report_.findings.add("source_malformed", more.error().where, more.error().rule, "", more.error().hint);
            break;
        }
        if (!*more) break;
        leaf(index, leaf_bytes);
        if (options_.progress && tree_.size() % kProgressEvery == 0) options_.progress(tree_.size());
    }
    finish();
    checkIds();
}

void Pass::leaf(LogIndex index, const std::string& leaf) {
    const LogIndex expected = tree_.size();
    if (index != expected)
        report_.findings.add("leaf_out_of_order", leafAt(expected), std::to_string(expected), std::to_string(index),
                             "a leaf is missing or was moved");
    if (leaf.empty()) {
        report_.findings.add("leaf_missing", leafAt(index), "a leaf", "none",
                             "the row was deleted: compare with a backup");
        tree_.append(Sha256{});
        if (tables_) tables_->entry(index, nullptr);
    } else {
        tree_.append(leafHash(leaf));
        auto entry = parseLeaf(leaf);
        if (tables_) tables_->entry(index, entry ? &*entry : nullptr);
        if (entry) {
            if (!tables_ && entry->certificate) certificates_.insert(*entry->certificate);
            heads_.entry(index, *entry);
            entries_.check(index, *entry);
            if (ids_fit_) ids_.add(index, *entry);
            ids_fit_ = ids_.size() <= options_.ids_in_memory;
        } else {
            report_.findings.add(entry.error().code, leafAt(index), entry.error().rule, entry.error().where,
                                 entry.error().hint);
            static_cast<void>(source_.envelope());  // read past what stands beside it, and go on
            static_cast<void>(source_.outcomes(index));
        }
    }
    ++report_.entries;
    if (tree_.size() % kTileWidth == 0) compareTiles(tree_.size() - kTileWidth);
    heads_.at(tree_, leaf);
    while (const auto head = source_.nextCheckpoint(tree_.size())) heads_.check(*head, tree_);
}

void Pass::compareTiles(std::uint64_t since) {
    tree_.completeTiles(since, [this](std::uint32_t level, std::uint64_t n, std::string_view hashes) {
        if (source_.store() == nullptr) return;
        const std::string where = "tile " + std::to_string(level) + "/" + std::to_string(n);
        const auto stored = source_.store()->tile(level, n);
        if (!stored || stored->size() != hashes.size()) {
            report_.findings.add("tile_missing", where, "8192 bytes",
                                 stored ? std::to_string(stored->size()) + " bytes" : "none");
            return;
        }
        for (std::size_t i = 0; i < kTileWidth; ++i) {
            const ByteView was = bytesOf(std::string_view(*stored).substr(32 * i, 32)),
                           is = bytesOf(hashes.substr(32 * i, 32));
            if (textOf(was) != textOf(is))
                report_.findings.add(
                    "tile_differs",
                    where + (level == 0 ? ", " + leafAt(n * kTileWidth + i) : ", hash " + std::to_string(i)),
                    toHex(was), toHex(is), "this leaf, or the tile, was changed after it was sealed");
        }
    });
    tree_.settle();
}

void Pass::finish() {
    while (const auto head = source_.nextCheckpoint(UINT64_MAX)) heads_.check(*head, tree_);
    heads_.finish(tree_);
    entries_.finish();
    checkCertificates();
    if (tables_) tables_->finish(tree_.size(), report_.origin, entries_.unfinished());
    report_.unfinished = entries_.unfinished().size();
    report_.root = tree_.edge().root();
}

void Pass::checkCertificates() {
    for (const KeyId& id : source_.certificateIds())
        if (!certificates_.contains(id))
            report_.findings.add("source_malformed", "certificate " + id.text(), "one that a leaf names", "another one",
                                 "it was added to the bundle");
}

void Pass::checkIds() {
    if (ids_fit_) return ids_.report(report_.findings);
    const std::uint64_t parts = report_.entries / std::max<std::size_t>(options_.ids_in_memory, 1) + 1;
    for (std::uint64_t part = 0; part < parts; ++part) {
        ids_ = IdUniqueness(part, parts);
        source_.rewind();
        std::string leaf;
        LogIndex index = 0;
        for (auto more = source_.nextLeaf(index, leaf); more.ok() && *more; more = source_.nextLeaf(index, leaf))
            if (const auto entry = parseLeaf(leaf); entry.ok()) ids_.add(index, *entry);
        ids_.report(report_.findings);
    }
}

}  // namespace

void Findings::add(std::string_view what, std::string_view where, std::string_view expected, std::string_view found,
                   std::string_view hint) {
    ++count_;
    if (!areFull())
        kept_.push_back(
            {std::string(what), shownLine(where), shownLine(expected), shownLine(found), std::string(hint)});
}

VerifyReport verifyLog(LogSource& source, const VerifierOptions& options) {
    VerifyReport report;
    report.findings = Findings(options.findings_kept);
    report.head_signatures_checked = !options.keys.empty();
    report.message_signatures_checked = options.checker != nullptr;
    Pass(source, options, report).run();
    return report;
}

}  // namespace caseway
