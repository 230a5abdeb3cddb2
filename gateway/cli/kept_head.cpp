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

std::optional<Checkpoint> KeptHead::read() const {
    if (!std::filesystem::exists(file_)) return std::nullopt;
    const std::string text = readFile(file_);
    auto kept = parseCheckpointText(std::string_view(text).substr(0, text.find("\n\n") + 1));
    if (!kept)
        throw Fault(FaultCode::ConfigurationBad, file_.string() + " is no head of a log",
                    "move it away; the next head starts anew");
    return std::move(kept).value();
}

void KeptHead::advance(const HttpTarget& gateway, const HeldHead& shown) {
    const Checkpoint& seen = shown.checkpoint;
    if (const auto kept = read()) {
        // Whatever the origins say: only a tree that begins with the kept one holds all that was promised under it.
        FetchedTiles tiles(gateway);
        const bool newer = seen.tree_size >= kept->tree_size;
        const bool cut_back = !newer && sizeNow(gateway) < kept->tree_size;
        if (cut_back || !(newer ? isPrefix(*kept, seen, tiles) : isPrefix(seen, *kept, tiles))) refuse(*kept, seen);
        if (!newer) return;
        if (kept->origin != seen.origin)
            say(
                fmt::format("note: the gateway's log goes on as {}, before as {} (it was restored from a backup); it "
                            "contains all {} entries of the head that you kept",
                            seen.origin, kept->origin, kept->tree_size));
    }
    write(shown.note);
}

void KeptHead::refuse(const Checkpoint& kept, const Checkpoint& seen) const {
    if (kept.origin == seen.origin)
        throw Fault(
            FaultCode::StoreCorrupt,
            fmt::format("the gateway's log was rewritten: its head of {} entries does not contain the head of {} "
                        "entries that it showed before ({})",
                        seen.tree_size, kept.tree_size, file_.string()),
            "keep that file and the receipt, and tell the center");
    throw Fault(
        FaultCode::StoreCorrupt,
        fmt::format("the gateway's log has a new origin, {}, whose head of {} entries does not contain the head "
                    "of {} entries of {} that it showed before ({}): it was rewritten, or restored from a "
                    "backup that is older than that head",
                    seen.origin, seen.tree_size, kept.tree_size, kept.origin, file_.string()),
        "keep that file and your receipts, and tell the center: what it took since the backup is lost there; "
        "send that again, then move the file away");
}

void KeptHead::write(const std::string& note) const {
    std::filesystem::path next = file_;
    next += ".new";
    std::ofstream out(next, std::ios::trunc);
    out << note;
    out.close();
    std::error_code error;
    if (out) std::filesystem::rename(next, file_, error);
    if (!out || error)
        throw Fault(FaultCode::FileUnavailable, "cannot write " + file_.string(),
                    "make its folder writable, or keep the log key in one that is");
}

}  // namespace caseway
