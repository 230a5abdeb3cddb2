// gateway/formats/merkle/tlog_proof.cpp - writing, reading and verifying tlog-proof@v1.
#include "gateway/formats/merkle/tlog_proof.hpp"

#include "gateway/base/base64.hpp"
#include "gateway/formats/merkle/hash.hpp"

namespace caseway {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1\n";
constexpr std::size_t kHashesMax = 64;
constexpr std::size_t kExtraMax = 64 * 1024;

Refusal malformed(std::string where, std::string rule) {
    return {"malformed_proof", std::move(where), "", std::move(rule), "format: https://c2sp.org/tlog-proof"};
}

bool takeLine(std::string_view& text, std::string_view& line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return false;
    line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return true;
}

}  // namespace

void appendTlogProof(std::uint64_t index, std::span<const Sha256> hashes, std::string_view checkpoint,
                     std::string& out) {
    out.reserve(out.size() + kFirstLine.size() + 32 + hashes.size() * 45 + checkpoint.size());
    out += kFirstLine;
    out += "index ";
    out += std::to_string(index);
    out += '\n';
    for (const Sha256& hash : hashes) {
        appendHashBase64(hash, out);
        out += '\n';
    }
    out += '\n';
    out += checkpoint;
}

Result<TlogProof> parseTlogProof(std::string_view text) {
    if (!text.starts_with(kFirstLine)) return malformed("line 1", "c2sp.org/tlog-proof@v1");
    text.remove_prefix(kFirstLine.size());
    TlogProof proof;
    std::string_view line;
    if (!takeLine(text, line)) return malformed("line 2", "an extra or index line");
    if (line.starts_with("extra ")) {
        const auto extra = line.size() > kExtraMax ? std::nullopt : fromBase64(line.substr(6));
        if (!extra || extra->empty()) return malformed("extra", "base64, at most 64 KiB");
        proof.extra = *extra;
        if (!takeLine(text, line)) return malformed("line 3", "an index line");
    }
    const auto index = line.starts_with("index ") ? decimalFrom(line.substr(6)) : std::nullopt;
    if (!index) return malformed("index", "\"index \" and a decimal without leading zeros");
    proof.index = *index;
    for (;;) {
        if (!takeLine(text, line)) return malformed("hashes", "an empty line before the checkpoint");
        if (line.empty()) break;
        const auto hash = hashFromBase64(line);
        if (!hash || proof.hashes.size() == kHashesMax)
            return malformed("hashes", "at most 64 lines of base64, 32 bytes each");
        proof.hashes.push_back(*hash);
    }
    proof.checkpoint = text;
    return proof;
}

Result<ProvenLeaf> verifyTlogProof(std::string_view text, std::string_view leaf, const NoteKey& key) {
    auto proof = parseTlogProof(text);
    if (!proof) return std::move(proof).error();
    auto checkpoint = openCheckpoint(proof->checkpoint, key);
    if (!checkpoint) return std::move(checkpoint).error();
    if (!verifyInclusion(proof->index, checkpoint->tree_size, leafHash(leaf), checkpoint->root, proof->hashes))
        return Refusal{"leaf_not_proven", "index " + std::to_string(proof->index), "",
                       "a path from this leaf to the signed root",
                       "the leaf or the proof was altered, or they do not belong together"};
    return ProvenLeaf{proof->index, std::move(checkpoint).value()};
}

}  // namespace caseway
