// gateway/cli/kept_head.cpp - consistency of a gateway's log as one sender saw it, proved with the gateway's own tiles.
#include "gateway/cli/kept_head.hpp"

#include <fmt/format.h>

#include <fstream>
#include <map>

#include "gateway/base/fault.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/formats/merkle/merkle_tree.hpp"
#include "gateway/formats/merkle/tiles.hpp"

namespace caseway {
namespace {

/// Tiles of a gateway, each fetched once.
class FetchedTiles {
public:
    explicit FetchedTiles(const HttpTarget& gateway) : gateway_(gateway) {}
    std::optional<std::string> get(const TilePath& path) {
        const std::string name = "/v1/log/tile/" + tilePathText(path);
        const auto known = tiles_.find(name);
        if (known != tiles_.end()) return known->second;
        const HttpReply reply = exchange(gateway_, "GET", name, {});
        if (reply.status != 200 || reply.body.size() != std::size_t{path.width} * 32) return std::nullopt;
        return tiles_[name] = reply.body;
    }

private:
    HttpTarget gateway_;
    std::map<std::string, std::string> tiles_;
};

MerkleTree treeOf(std::uint64_t size, FetchedTiles& tiles) {
    const auto complete = [&tiles](std::uint32_t level, std::uint64_t n) { return tiles.get({level, n, 256}); };
    const auto leaf_hash = [&tiles, size](std::uint64_t index) {
        const auto tile = tiles.get({0, index / kTileWidth, static_cast<std::uint32_t>(size % kTileWidth)});
        if (!tile) throw Fault(FaultCode::NetworkUnavailable, "the gateway did not serve the tiles of its log");
        Sha256 hash;
        std::copy_n(tile->begin() + static_cast<std::ptrdiff_t>(index % kTileWidth * 32), 32, hash.bytes.begin());
        return hash;
    };
    return MerkleTree::restore(size, complete, leaf_hash);
}

/// Leaves of the log as the gateway tells it now; a lie only makes the proofs fail.
std::uint64_t sizeNow(const HttpTarget& gateway) {
    const HttpReply reply = exchange(gateway, "GET", "/v1/log/checkpoint", {});
    const auto head = parseCheckpointText(std::string_view(reply.body).substr(0, reply.body.find("\n\n") + 1));
    if (reply.status != 200 || !head)
        throw Fault(FaultCode::NetworkUnavailable, "the gateway did not serve the head of its log");
    return head->tree_size;
}

/// True where the tree of `kept` is a prefix of that of `seen`.
bool isPrefix(const Checkpoint& kept, const Checkpoint& seen, FetchedTiles& tiles) {
    if (kept.tree_size == seen.tree_size) return kept.root == seen.root;
    if (kept.tree_size == 0) return true;
    const MerkleTree tree = treeOf(seen.tree_size, tiles);
    ProofHashes proof;
    consistencyProof(kept.tree_size, tree.edge(), tree.nodes(), proof);
    return verifyConsistency(kept.tree_size, seen.tree_size, kept.root, seen.root, proof);
}

}  // namespace

KeptHead::KeptHead(const std::filesystem::path& log_key_file) : file_(log_key_file.string() + ".head") {}

void KeptHead::advance(const HttpTarget& gateway, const Checkpoint& seen, const NoteKey& key) {
    Checkpoint kept;
    if (std::filesystem::exists(file_)) {
        const auto read = parseCheckpointText(readFile(file_));
        if (!read)
            throw Fault(FaultCode::ConfigurationBad, file_.string() + " is no head of a log",
                        "move it away; the next head starts anew");
        kept = *read;
        if (kept.origin != key.name() && kept.origin != seen.origin) kept = {};
    }
    FetchedTiles tiles(gateway);
    const bool newer = seen.tree_size >= kept.tree_size;
    const bool cut_back = !newer && sizeNow(gateway) < kept.tree_size;
    if (cut_back || !(newer ? isPrefix(kept, seen, tiles) : isPrefix(seen, kept, tiles)))
        throw Fault(
            FaultCode::StoreCorrupt,
            fmt::format("the gateway's log was rewritten: its head of {} entries does not contain the head of {} "
                        "entries that it showed before ({})",
                        seen.tree_size, kept.tree_size, file_.string()),
            "keep that file and the receipt, and tell the center");
    if (!newer) return;
    std::ofstream out(file_, std::ios::trunc);
    out << checkpointText(seen);
    if (!out.flush()) throw Fault(FaultCode::FileUnavailable, "cannot write " + file_.string());
}

}  // namespace caseway
