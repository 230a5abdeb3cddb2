// tests/fuzz/tlog_proof_fuzz.cpp - proofs from any bytes; what is read without extra data must be written the same
// again.
#include "gateway/base/check.hpp"
#include "gateway/formats/merkle/hash.hpp"
#include "gateway/formats/merkle/tlog_proof.hpp"

using namespace caseway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = textOf({data, size});
    const auto proof = parseTlogProof(text);
    if (!proof) return 0;
    std::string again;
    appendTlogProof(proof->index, proof->hashes, proof->checkpoint, again);
    if (proof->extra.empty()) CASEWAY_CHECK(again == text);
    const Sha256 leaf = leafHash("leaf");
    for (const std::uint64_t tree_size : {proof->index + 1, proof->index * 2, std::uint64_t{1} << 40}) {
        static_cast<void>(verifyInclusion(proof->index, tree_size, leaf, leaf, proof->hashes));
        static_cast<void>(verifyConsistency(proof->index, tree_size, leaf, leaf, proof->hashes));
    }
    return 0;
}
