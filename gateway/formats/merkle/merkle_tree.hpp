// gateway/formats/merkle/merkle_tree.hpp - the growing tree of a log: its right edge in memory, tile by tile with all
// nodes inside, older tiles through a callback. Append costs one or two hashes, a proof for a recent leaf none. Tiles:
// C2SP tlog-tiles.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "gateway/formats/merkle/proof.hpp"

namespace caseway {

constexpr std::uint64_t kTileWidth = 256;
constexpr unsigned kTileHeight = 8;

/// A complete tile, 8192 bytes, by (level, n); nothing where there is none. As StoreReader::tile.
using TileSource = std::function<std::optional<std::string>(std::uint32_t level, std::uint64_t n)>;
/// Hash of one leaf that is in no complete tile yet.
using LeafHashSource = std::function<Sha256(std::uint64_t index)>;
using TileSink = std::function<void(std::uint32_t level, std::uint64_t n, std::string_view hashes)>;

/// Not callable concurrently.
class MerkleTree {
public:
    explicit MerkleTree(TileSource tiles);
    /// The tree of `size` leaves over stored tiles; `leaf_hash` is asked for the last size % 256 leaves.
    /// Throws Fault{StoreCorrupt} where a tile is missing. Whether the root is the right one is for the caller to
    /// check.
    static MerkleTree restore(std::uint64_t size, TileSource tiles, const LeafHashSource& leaf_hash);

    std::uint64_t size() const { return size_; }
    void append(const Sha256& leaf_hash);
    /// Forgets all leaves from `size` on. Needs them to be younger than the last settle().
    void truncate(std::uint64_t size);
    /// Everything so far is in the store: complete tiles that are no longer recent may leave the memory.
    void settle();
    /// Tells `sink` every tile that became complete since the tree had `since` leaves (which must not be older than the
    /// last settle()).
    void completeTiles(std::uint64_t since, const TileSink& sink) const;

    /// A complete subtree. Throws Fault{StoreCorrupt} where its tile is neither in memory nor stored.
    Sha256 node(unsigned height, std::uint64_t index) const;
    /// For proofs of this tree or of an older size of it.
    RightEdge edge(std::uint64_t tree_size) const;
    RightEdge edge() const { return edge(size_); }
    NodeSource nodes() const {
        return [this](unsigned height, std::uint64_t index) { return node(height, index); };
    }
    /// The hashes of a complete or partial tile of the tree of `tree_size`, 32 bytes each; empty where it has none.
    std::string tileAt(std::uint32_t level, std::uint64_t n, std::uint64_t tree_size) const;

private:
    /// All complete nodes of one tile, row upon row: 256 of height 0, 128 of height 1, …, 2 of height 7, 1 of height 8.
    struct Tile {
        std::uint64_t n = 0;
        std::array<Sha256, 2 * kTileWidth - 1> nodes;
    };
    struct Level {
        std::deque<std::unique_ptr<Tile>> tiles;  ///< consecutive, the growing one last
        mutable std::unique_ptr<Tile> read;       ///< the last one that was read from the store
    };

    static std::size_t rowStart(unsigned row) { return 2 * kTileWidth - (2 * kTileWidth >> row); }
    static void fillRows(Tile& tile, std::size_t width);
    Tile& tileFor(std::uint32_t level, std::uint64_t n);
    const Tile& find(std::uint32_t level, std::uint64_t n) const;
    void restoreLevel(std::uint32_t level, std::uint64_t size, const LeafHashSource& leaf_hash);

    TileSource source_;
    std::uint64_t size_ = 0;
    mutable std::vector<Level> levels_;
};

}  // namespace caseway
