// gateway/log/log_source.hpp - a log as its verifier and its exporter read it: leaf after leaf, each with what was
// stored beside it. Two sources: the store (store_source.hpp) and an exported bundle (bundle.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/byte_source.hpp"
#include "gateway/base/result.hpp"
#include "gateway/ports/store_snapshot.hpp"

namespace caseway {

/// The bytes that prove a message. `body`: of a spooled message, read once, valid until the next call on the source;
/// else nullptr.
struct StoredEnvelope {
    std::string head;
    ByteSource* body = nullptr;
    bool head_only = false;  ///< of a message that was refused by its head: its body was never read
};

/// Calls in this order for each leaf: nextLeaf, then at most once each envelope, outcomes, nextCheckpoint…; what is not
/// asked for before the next nextLeaf is skipped, before nextCheckpoint it is refused by a source that holds nothing
/// else. All throw Fault{StoreUnavailable, FileUnavailable}.
class LogSource {
public:
    virtual ~LogSource() = default;
    /// The next leaf in order; false at the end. `leaf` is empty where the row is missing though later ones or a head
    /// are there. Refusal: malformed_bundle. The source is at its end then.
    virtual Result<bool> nextLeaf(LogIndex& index, std::string& leaf) = 0;
    virtual std::optional<StoredEnvelope> envelope() = 0;
    /// The outcome lines that the leaf's root stands for; `lines_of`: index under which the store keeps them. nullptr
    /// where none.
    virtual ByteSource* outcomes(LogIndex lines_of) = 0;
    /// The next head in order of storage whose size is at most `up_to`; nothing where there is none. A bundle gives
    /// every head at its place.
    virtual std::optional<CheckpointRow> nextCheckpoint(std::uint64_t up_to) = 0;
    /// DER, nothing where unknown.
    virtual std::optional<std::string> certificate(const KeyId& id) = 0;
    /// Those that a bundle has borne so far: each must be one that a leaf names. Of a store other checks tell.
    virtual std::vector<KeyId> certificateIds() { return {}; }
    /// The store behind this source, for all that a bundle does not hold; nullptr where there is none.
    virtual StoreSnapshot* store() { return nullptr; }
    virtual void rewind() = 0;
};

}  // namespace caseway
