// gateway/formats/merkle/merkle_tree.cpp - appending, rolling back, restoring; where a node is found.
#include "gateway/formats/merkle/merkle_tree.hpp"

#include <cstring>

#include "gateway/base/check.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/formats/merkle/hash.hpp"

namespace caseway {
namespace {

/// Complete tiles that stay in memory a level behind the growing one: what the receipts of the last commits need.
constexpr std::size_t kRecentTiles = 4;

std::string_view hashesOf(const Sha256* first, std::size_t count) {
    static_assert(sizeof(Sha256) == 32);
    return {reinterpret_cast<const char*>(first), count * 32};
}

/// Leaves under one hash of a tile of `level`.
unsigned levelShift(std::uint32_t level) {
    return level * kTileHeight;
}

}  // namespace

MerkleTree::MerkleTree(TileSource tiles) : source_(std::move(tiles)) {}

MerkleTree MerkleTree::restore(std::uint64_t size, TileSource tiles, const LeafHashSource& leaf_hash) {
    MerkleTree tree(std::move(tiles));
    for (std::uint32_t level = 0; size >> levelShift(level) != 0; ++level) tree.restoreLevel(level, size, leaf_hash);
    tree.size_ = size;
    return tree;
}

void MerkleTree::restoreLevel(std::uint32_t level, std::uint64_t size, const LeafHashSource& leaf_hash) {
    const std::uint64_t entries = size >> levelShift(level);
    const std::uint64_t n = entries / kTileWidth;
    const std::size_t width = entries % kTileWidth;
    Tile& tile = tileFor(level, n);
    for (std::size_t i = 0; i < width; ++i) {
        const std::uint64_t entry = n * kTileWidth + i;
        tile.nodes[i] = level == 0 ? leaf_hash(entry) : find(level - 1, entry).nodes.back();
    }
    fillRows(tile, width);
}

void MerkleTree::fillRows(Tile& tile, std::size_t width) {
    for (unsigned row = 1; row <= kTileHeight; ++row)
        for (std::size_t i = 0; i < width >> row; ++i)
            tile.nodes[rowStart(row) + i] =
                nodeHash(tile.nodes[rowStart(row - 1) + 2 * i], tile.nodes[rowStart(row - 1) + 2 * i + 1]);
}

MerkleTree::Tile& MerkleTree::tileFor(std::uint32_t level, std::uint64_t n) {
    if (level >= levels_.size()) levels_.resize(level + 1);
    auto& tiles = levels_[level].tiles;
    if (tiles.empty() || tiles.back()->n != n) {
        CASEWAY_CHECK(tiles.empty() || tiles.back()->n + 1 == n);
        tiles.push_back(std::make_unique<Tile>());
        tiles.back()->n = n;
    }
    return *tiles.back();
}

void MerkleTree::append(const Sha256& leaf_hash) {
    std::uint64_t entry = size_++;
    Sha256 hash = leaf_hash;
    for (std::uint32_t level = 0;; ++level) {
        Tile& tile = tileFor(level, entry / kTileWidth);
        std::size_t at = entry % kTileWidth;
        tile.nodes[at] = hash;
        for (unsigned row = 1; (at & 1) != 0 && row <= kTileHeight; ++row) {
            hash = nodeHash(tile.nodes[rowStart(row - 1) + at - 1], hash);
            at >>= 1;
            tile.nodes[rowStart(row) + at] = hash;
        }
        if (entry % kTileWidth != kTileWidth - 1) return;
        entry /= kTileWidth;
    }
}

void MerkleTree::truncate(std::uint64_t size) {
    CASEWAY_CHECK(size <= size_);
    size_ = size;
    for (std::uint32_t level = 0; level < levels_.size(); ++level) {
        auto& tiles = levels_[level].tiles;
        const std::uint64_t entries = size >> levelShift(level);
        while (!tiles.empty() && tiles.back()->n * kTileWidth >= entries) tiles.pop_back();
        // The growing tile must still be there, or the store would have to be asked in the middle of an append.
        CASEWAY_CHECK(entries % kTileWidth == 0 || (!tiles.empty() && tiles.back()->n == entries / kTileWidth));
        levels_[level].read.reset();
    }
}

void MerkleTree::settle() {
    for (Level& level : levels_)
        while (level.tiles.size() > kRecentTiles + 1) level.tiles.pop_front();
}

void MerkleTree::completeTiles(std::uint64_t since, const TileSink& sink) const {
    for (std::uint32_t level = 0; size_ >> levelShift(level) >= kTileWidth; ++level) {
        const unsigned shift = levelShift(level) + kTileHeight;
        for (std::uint64_t n = since >> shift; n < size_ >> shift; ++n)
            sink(level, n, hashesOf(find(level, n).nodes.data(), kTileWidth));
    }
}

const MerkleTree::Tile& MerkleTree::find(std::uint32_t level, std::uint64_t n) const {
    if (level >= levels_.size()) levels_.resize(level + 1);
    Level& held = levels_[level];
    if (!held.tiles.empty() && n >= held.tiles.front()->n && n - held.tiles.front()->n < held.tiles.size())
        return *held.tiles[n - held.tiles.front()->n];
    if (held.read != nullptr && held.read->n == n) return *held.read;
    const auto hashes = source_(level, n);
    if (!hashes || hashes->size() != kTileWidth * 32)
        throw Fault(FaultCode::StoreCorrupt,
                    "tile " + std::to_string(level) + "/" + std::to_string(n) + " is missing or has the wrong length",
                    "run: caseway log verify");
    if (held.read == nullptr) held.read = std::make_unique<Tile>();
    held.read->n = n;
    std::memcpy(held.read->nodes.data(), hashes->data(), hashes->size());
    fillRows(*held.read, kTileWidth);
    return *held.read;
}

Sha256 MerkleTree::node(unsigned height, std::uint64_t index) const {
    CASEWAY_CHECK(height < 64 && (index + 1) <= size_ >> height);
    const std::uint32_t level = height / kTileHeight;
    const unsigned row = height % kTileHeight;
    const std::uint64_t n = index >> (kTileHeight - row);
    return find(level, n).nodes[rowStart(row) + (index & ((kTileWidth >> row) - 1))];
}

RightEdge MerkleTree::edge(std::uint64_t tree_size) const {
    CASEWAY_CHECK(tree_size <= size_);
    return {tree_size, nodes()};
}

std::string MerkleTree::tileAt(std::uint32_t level, std::uint64_t n, std::uint64_t tree_size) const {
    CASEWAY_CHECK(tree_size <= size_);
    if (level >= 64 / kTileHeight) return {};
    const std::uint64_t entries = tree_size >> levelShift(level);
    if (n >= (entries + kTileWidth - 1) / kTileWidth) return {};
    const std::uint64_t width = std::min(kTileWidth, entries - n * kTileWidth);
    return std::string(hashesOf(find(level, n).nodes.data(), width));
}

}  // namespace caseway
