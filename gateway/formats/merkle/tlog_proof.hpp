// gateway/formats/merkle/tlog_proof.hpp - an inclusion proof with its checkpoint as one text. Source: C2SP
// tlog-proof@v1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/result.hpp"
#include "gateway/formats/merkle/note.hpp"
#include "gateway/formats/merkle/proof.hpp"

namespace caseway {

struct TlogProof {
    std::string extra;  ///< decoded; never to be trusted
    std::uint64_t index = 0;
    ProofHashes hashes;
    std::string checkpoint;  ///< the signed note, as it stands
};

/// Appends the text; no extra line. Made for the answer to every message, hence without a struct to fill.
void appendTlogProof(std::uint64_t index, std::span<const Sha256> hashes, std::string_view checkpoint,
                     std::string& out);
/// Strict; at most 64 hashes, 64 KiB of extra data. Refusal: malformed_proof. The checkpoint is cut off, not parsed.
Result<TlogProof> parseTlogProof(std::string_view text);

/// What a verified proof shows.
struct ProvenLeaf {
    std::uint64_t index = 0;
    Checkpoint checkpoint;
};
/// That `leaf` stands at the proof's index under a checkpoint signed with `key`.
/// Refusals: those of openCheckpoint, malformed_proof, leaf_not_proven.
Result<ProvenLeaf> verifyTlogProof(std::string_view text, std::string_view leaf, const NoteKey& key);

}  // namespace caseway
