// gateway/log/receipt.hpp - the signed answer of the gateway: a leaf and its inclusion proof, {"leaf": …, "proof": …}.
// Needs nothing but the log's public key to be checked. Format: docs/formats/message-log.md.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.hpp"
#include "gateway/domain/log_entry.hpp"
#include "gateway/formats/merkle/tlog_proof.hpp"

namespace caseway {

struct Receipt {
    std::string leaf;
    std::string proof;  ///< C2SP tlog-proof@v1
};

/// Appends the receipt's JSON object.
void appendReceipt(std::string_view leaf, std::string_view proof, std::string& out);
/// At most 64 MiB; other members beside the two are allowed, so that a whole answer of the gateway ({"receipt": {…},
/// …}) is taken too. Refusal: malformed_receipt.
Result<Receipt> parseReceipt(std::string_view json);

/// The same key under the name of `origin` where that continues the log which the key is named after: a restore goes on
/// as NAME/…, signed by the same key. Else the key as it is.
NoteKey forOrigin(const NoteKey& key, std::string_view origin);

struct VerifiedReceipt {
    LogEntry entry;
    std::uint64_t index = 0;
    Checkpoint checkpoint;
};
/// Offline: that this leaf stands at its index under a checkpoint of this log.
/// Refusals: malformed_receipt, malformed_leaf, leaf_not_canonical, and those of verifyTlogProof.
Result<VerifiedReceipt> verifyReceipt(std::string_view json, const NoteKey& key);

/// A head that somebody kept outside: of a checkpoint as it is, or of a receipt (which also holds a leaf).
struct HeldHead {
    std::string note;
    Checkpoint checkpoint;
    std::string leaf;         ///< of a receipt; else empty
    std::uint64_t index = 0;  ///< of that leaf
};
/// Takes either form and verifies it. Refusals: as above.
Result<HeldHead> openHeldHead(std::string_view text, const NoteKey& key);

}  // namespace caseway
