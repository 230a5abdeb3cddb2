// gateway/log/message_log.hpp - append-only Merkle log over everything we accepted or refused, as the one writer uses
// it. In: LogEntry. Out: a signed head a commit, receipts, tiles. Checked without the daemon by
// gateway/log/verifier.hpp. Format: docs/formats/message-log.md. Envelopes and outcome lines live in the store, not
// here.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/log_entry.hpp"
#include "gateway/formats/merkle/merkle_tree.hpp"
#include "gateway/formats/merkle/note.hpp"
#include "gateway/ports/signer.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// Name of the origin in StoreReader::meta.
constexpr std::string_view kLogOriginMeta = "log_origin";

/// Those that the first change and the first case behind a restore have.
struct FirstNumbers {
    ChangeNo change = 1;
    std::uint64_t new_case = 1;
};

/// begin, append…, seal, then either the store's commit and receiptFor, or rollBack: called by the one writer only.
/// The other functions are callable concurrently with it.
class MessageLog {
public:
    /// Restores the tree's right edge from tiles and leaves and holds its root against the last checkpoint.
    /// An empty store starts the log of `origin`. `reader` and `signer` must outlive the log; `reader` is callable
    /// concurrently. Throws Fault{StoreCorrupt}: what is stored does not fit together (run `caseway log verify`).
    /// Fault{ConfigurationBad}: the origin or the key is not the one of the stored log.
    static std::unique_ptr<MessageLog> open(StoreReader& reader, Signer& signer, std::string origin);

    /// What was sealed before is durable now; a transaction begins.
    void begin();
    /// The next leaf, also put into the store. Throws Fault{StoreUnavailable} of the store.
    LogIndex append(StoreWriter& writer, const LogEntry& entry);
    /// Stores complete tiles and one signed head for everything since begin(); returns the tree size. Nothing appended:
    /// nothing signed. Throws Fault{CryptoUnavailable, StoreUnavailable}: roll back.
    std::uint64_t seal(StoreWriter& writer);
    /// Forgets everything since begin(): the transaction did not happen.
    void rollBack();
    /// Reads the durable head again, after a commit whose result is unknown. Throws as open().
    void reopen(StoreReader& reader);

    /// The receipt of a leaf under the head of the last seal(), its JSON object. Costs no hashing for a leaf of that
    /// commit. Bug where the leaf is not sealed. Throws Fault{StoreCorrupt, StoreUnavailable} where older leaves or
    /// tiles are needed.
    std::string receiptFor(LogIndex index) const;
    /// The receipt as it was first given, under the stored head of `tree_size`; nothing where there is no such head or
    /// leaf.
    std::optional<std::string> receiptFor(LogIndex index, std::uint64_t tree_size) const;
    /// Hashes of a complete or partial tile of the tree of a stored head's size; empty where that tree has no such
    /// tile.
    std::string tile(std::uint32_t level, std::uint64_t n, std::uint64_t tree_size) const;
    /// C2SP-style proof that the tree of `old_size` is a prefix of that of `new_size`: hashes. Nothing unless 0 < old
    /// <= new <= size.
    std::optional<ProofHashes> consistency(std::uint64_t old_size, std::uint64_t new_size) const;

    /// Starts a new origin in the same store after a restore from a backup that is older than issued receipts: the next
    /// leaf, of type audit, names the old head and the reason, and every later head bears `new_origin`. To be called
    /// between begin() and seal(). `first`: the numbers that changes and cases have from then on, where they leave some
    /// out.
    LogIndex startOrigin(StoreWriter& writer, const std::string& new_origin, Instant at, std::string_view reason,
                         const std::optional<FirstNumbers>& first = {});

    std::uint64_t size() const;  ///< leaves, appended ones included
    std::string origin() const;
    std::string checkpoint() const;  ///< the last signed note; empty for a log that was never sealed
    /// "name+id+key": what verifies the heads of this log.
    std::string verifierKey() const;

private:
    struct Head {
        Checkpoint checkpoint;
        std::string note;
        std::optional<RightEdge> edge;
    };
    MessageLog(StoreReader& reader, Signer& signer, std::string origin);
    void load();
    Head readHead() const;
    LogIndex appendLocked(StoreWriter& writer, const LogEntry& entry);

    StoreReader* reader_;
    Signer& signer_;
    mutable std::mutex mutex_;
    std::string origin_;
    MerkleTree tree_;
    Head head_;       ///< of the last seal
    Head kept_head_;  ///< of begin()
    std::string kept_origin_;
    std::uint64_t kept_size_ = 0;
    std::vector<std::string> recent_;  ///< leaves since begin()
    mutable ProofHashes proof_;        ///< scratch of receiptFor
};

/// A receipt made from the store alone, without a running log: for the command line. Nothing where there is no such
/// head or leaf. Costs up to some 30 ms: the right edge of that size is read again. Throws Fault{StoreCorrupt,
/// StoreUnavailable}.
std::optional<std::string> receiptFromStore(StoreReader& reader, LogIndex index, std::uint64_t tree_size);
/// The tree of a stored size. Throws Fault{StoreCorrupt, StoreUnavailable}.
MerkleTree treeFromStore(StoreReader& reader, std::uint64_t tree_size);

}  // namespace caseway
