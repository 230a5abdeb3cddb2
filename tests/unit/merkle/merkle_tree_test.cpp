// tests/unit/merkle/merkle_tree_test.cpp - the growing tree against the definitions of RFC 6962, over tile borders and
// roll-backs.
#include "gateway/formats/merkle/merkle_tree.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <map>
#include <random>

#include "gateway/base/fault.hpp"
#include "gateway/formats/merkle/compact_tree.hpp"
#include "reference_tree.hpp"

using namespace caseway;

namespace {

/// Tiles as a store would keep them.
struct Tiles {
    std::map<std::pair<std::uint32_t, std::uint64_t>, std::string> kept;

    TileSource source() {
        return [this](std::uint32_t level, std::uint64_t n) -> std::optional<std::string> {
            const auto found = kept.find({level, n});
            if (found == kept.end()) return std::nullopt;
            return found->second;
        };
    }
    void keep(const MerkleTree& tree, std::uint64_t since) {
        tree.completeTiles(since, [this](std::uint32_t level, std::uint64_t n, std::string_view hashes) {
            BOOST_TEST(hashes.size() == 8192U);
            kept.emplace(std::pair(level, n), hashes);
        });
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(MerkleTreeSuite)

BOOST_AUTO_TEST_CASE(every_proof_of_every_small_tree_is_the_one_of_the_definition) {
    const auto leaves = reference::hashes(70);
    MerkleTree tree([](std::uint32_t, std::uint64_t) { return std::nullopt; });
    ProofHashes proof;
    for (std::size_t n = 1; n <= leaves.size(); ++n) {
        tree.append(leaves[n - 1]);
        const std::span<const Sha256> now(leaves.data(), n);
        const RightEdge edge = tree.edge();
        BOOST_REQUIRE(edge.root() == reference::root(now));
        for (std::size_t m = 0; m < n; ++m) {
            inclusionProof(m, edge, tree.nodes(), proof);
            BOOST_REQUIRE(proof == reference::path(m, now));
            BOOST_REQUIRE(verifyInclusion(m, n, leaves[m], edge.root(), proof));
            consistencyProof(m + 1, edge, tree.nodes(), proof);
            BOOST_REQUIRE(proof == reference::subproof(m + 1, now, true));
            BOOST_REQUIRE(verifyConsistency(m + 1, n, reference::root(now.first(m + 1)), edge.root(), proof));
        }
    }
}

BOOST_AUTO_TEST_CASE(random_trees_prove_old_and_new_leaves_across_tile_borders) {
    const unsigned seed = std::random_device()();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    const auto leaves = reference::hashes(600, random() % 1000);
    for (int round = 0; round < 20; ++round) {
        Tiles tiles;
        MerkleTree tree(tiles.source());
        const std::size_t total = 1 + random() % 600;
        while (tree.size() < total) {  // commits of any length
            const std::uint64_t before = tree.size();
            for (std::size_t batch = 1 + random() % 300; batch > 0 && tree.size() < total; --batch)
                tree.append(leaves[tree.size()]);
            tiles.keep(tree, before);
            tree.settle();
        }
        MerkleTree restored = MerkleTree::restore(total, tiles.source(), [&](std::uint64_t i) { return leaves[i]; });
        for (const MerkleTree* any : {&tree, &restored}) {
            const std::size_t n = 1 + random() % total, m = random() % n;
            const std::span<const Sha256> then(leaves.data(), n);
            const RightEdge edge = any->edge(n);
            BOOST_TEST(toHex(edge.root()) == toHex(reference::root(then)));
            ProofHashes proof;
            inclusionProof(m, edge, any->nodes(), proof);
            BOOST_TEST((proof == reference::path(m, then)));
            consistencyProof(m + 1, edge, any->nodes(), proof);
            BOOST_TEST((proof == reference::subproof(m + 1, then, true)));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_flipped_bit_anywhere_is_refused) {
    const auto leaves = reference::hashes(300);
    for (const std::size_t n : {2U, 7U, 8U, 255U, 256U, 257U, 300U}) {
        const std::span<const Sha256> now(leaves.data(), n);
        const std::size_t m = n / 3;
        const Sha256 root = reference::root(now);
        const auto path = reference::path(m, now);
        const auto flipped = [](Sha256 hash, std::size_t bit) {
            hash.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
            return hash;
        };
        for (std::size_t bit = 0; bit < 256; bit += 5) {
            BOOST_TEST(!verifyInclusion(m, n, flipped(leaves[m], bit), root, path));
            BOOST_TEST(!verifyInclusion(m, n, leaves[m], flipped(root, bit), path));
            for (std::size_t i = 0; i < path.size(); ++i) {
                auto wrong = path;
                wrong[i] = flipped(wrong[i], bit);
                BOOST_TEST(!verifyInclusion(m, n, leaves[m], root, wrong));
            }
        }
        const Sha256 old_root = reference::root(now.first(m + 1));
        const auto proof = reference::subproof(m + 1, now, true);
        for (std::size_t bit = 0; bit < 256; bit += 5) {
            BOOST_TEST(!verifyConsistency(m + 1, n, flipped(old_root, bit), root, proof));
            BOOST_TEST(!verifyConsistency(m + 1, n, old_root, flipped(root, bit), proof));
            for (std::size_t i = 0; i < proof.size(); ++i) {
                auto wrong = proof;
                wrong[i] = flipped(wrong[i], bit);
                BOOST_TEST(!verifyConsistency(m + 1, n, old_root, root, wrong));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_rolled_back_batch_leaves_no_trace) {
    const auto leaves = reference::hashes(2000);
    const auto others = reference::hashes(2000, 5000);
    for (const std::size_t kept : {0U, 1U, 255U, 256U, 257U, 511U, 700U, 1024U}) {
        Tiles tiles;
        MerkleTree tree(tiles.source());
        for (std::size_t i = 0; i < kept; ++i) tree.append(leaves[i]);
        tiles.keep(tree, 0);
        tree.settle();
        for (std::size_t i = 0; i < 900; ++i) tree.append(others[i]);
        tree.truncate(kept);
        BOOST_TEST(toHex(tree.edge().root()) == toHex(reference::root({leaves.data(), kept})));
        for (std::size_t i = kept; i < kept + 600; ++i) tree.append(leaves[i]);
        const RightEdge edge = tree.edge();
        BOOST_TEST(toHex(edge.root()) == toHex(reference::root({leaves.data(), kept + 600})));
        ProofHashes proof;
        inclusionProof(kept + 3, edge, tree.nodes(), proof);
        BOOST_TEST(verifyInclusion(kept + 3, kept + 600, leaves[kept + 3], edge.root(), proof));
    }
}

BOOST_AUTO_TEST_CASE(tiles_hold_what_the_format_says_complete_and_partial) {
    const auto leaves = reference::hashes(70'000);
    Tiles tiles;
    MerkleTree tree(tiles.source());
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        tree.append(leaves[i]);
        if (tree.size() % 1000 == 0) tiles.keep(tree, tree.size() - 1000), tree.settle();
    }
    BOOST_TEST(tiles.kept.size() == 274U);  // 273 at level 0, one at level 1
    BOOST_TEST(tree.tileAt(0, 273, 70'000).size() == 112 * 32U);
    BOOST_TEST(tree.tileAt(1, 1, 70'000).size() == 17 * 32U);
    BOOST_TEST(tree.tileAt(2, 0, 70'000).size() == 32U);
    BOOST_TEST(tree.tileAt(2, 1, 70'000).empty());
    BOOST_TEST(tree.tileAt(3, 0, 70'000).empty());
    BOOST_TEST(tree.tileAt(63, 0, 70'000).empty());
    BOOST_TEST(tree.tileAt(0, 2, 600).size() == 88 * 32U);  // as it was when the tree had 600 leaves
    const std::string first = tree.tileAt(1, 0, 70'000).substr(0, 32);
    BOOST_TEST((first == textOf(reference::root({leaves.data(), 256}))));
}

BOOST_AUTO_TEST_CASE(a_missing_tile_is_a_fault_not_a_wrong_proof) {
    MerkleTree tree([](std::uint32_t, std::uint64_t) { return std::nullopt; });
    const auto leaves = reference::hashes(3000);
    for (const Sha256& leaf : leaves) tree.append(leaf);
    tree.settle();
    const RightEdge edge = tree.edge();
    ProofHashes proof;
    BOOST_CHECK_THROW(inclusionProof(0, edge, tree.nodes(), proof), Fault);
    BOOST_CHECK_THROW(MerkleTree::restore(
                          3000, [](std::uint32_t, std::uint64_t) { return std::nullopt; },
                          [&](std::uint64_t i) { return leaves[i]; }),
                      Fault);
}

BOOST_AUTO_TEST_CASE(cost_of_a_tree_of_a_million_leaves) {
    MerkleTree tree([](std::uint32_t, std::uint64_t) { return std::nullopt; });
    using Time = std::chrono::steady_clock;
    const auto micros = [](Time::duration d, double count) {
        return std::chrono::duration<double, std::micro>(d).count() / count;
    };
    Sha256 leaf = leafHash("x");
    const auto start = Time::now();
    for (std::uint64_t i = 0; i < 1'050'000; ++i) {
        std::memcpy(leaf.bytes.data(), &i, sizeof i);
        tree.append(leaf);
        if (i % 100 == 0) tree.settle();
    }
    const auto appended = Time::now();
    const RightEdge edge = tree.edge();
    ProofHashes proof;
    const NodeSource nodes = tree.nodes();
    const auto began = Time::now();
    for (std::uint64_t i = 0; i < 1000; ++i) {
        inclusionProof(tree.size() - 1 - i % 100, edge, nodes, proof);
        std::memcpy(leaf.bytes.data(), "", 1);
    }
    const auto proven = Time::now();
    BOOST_TEST(verifyInclusion(tree.size() - 100, tree.size(), tree.node(0, tree.size() - 100), edge.root(), proof));
    std::printf("append %.2f us with its hashes, proof %.2f us at %llu leaves\n", micros(appended - start, 1'050'000),
                micros(proven - began, 1000), static_cast<unsigned long long>(tree.size()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(CompactTreeSuite)

BOOST_AUTO_TEST_CASE(its_root_is_that_of_the_definition_also_after_a_save) {
    const auto leaves = reference::hashes(130);
    CompactTree tree;
    BOOST_TEST((tree.root() == emptyRoot()));
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        tree.append(leaves[i]);
        BOOST_TEST((tree.root() == reference::root({leaves.data(), i + 1})));
        const auto loaded = CompactTree::load(tree.save());
        BOOST_REQUIRE(loaded);
        tree = *loaded;
    }
}

BOOST_AUTO_TEST_CASE(refuses_a_state_it_could_not_have_saved) {
    for (const char* state : {"", " ", "1", "0 ", "00", "-1", "1 00", "x",
                              "2 "
                              "0000000000000000000000000000000000000000000000000000000000000000 "})
        BOOST_TEST(!CompactTree::load(state), state);
    BOOST_TEST(CompactTree::load("0").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
