// tests/unit/merkle/corpus_test.cpp - the public proof cases (transparency-dev/merkle testdata) in
// $CASEWAY_CORPORA/corpora/merkle, whatever its folders: one JSON object a case, "wantErr" says whether the proof must
// be refused.
#include <boost/test/unit_test.hpp>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "gateway/base/base64.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/merkle/proof.hpp"

using namespace caseway;
namespace fs = std::filesystem;

namespace {

fs::path corpusFolder() {
    const char* set = std::getenv("CASEWAY_CORPORA");
    return (set != nullptr ? fs::path(set) : fs::path(CASEWAY_SOURCE_DIR) / ".." / "shared") / "corpora" / "merkle";
}

/// The number under the first of these names; nothing where none is there.
std::optional<std::uint64_t> numberOf(const JsonValue& value, std::initializer_list<const char*> names) {
    for (const char* name : names) {
        const JsonValue* member = value.find(name);
        if (member == nullptr || member->type != JsonValue::Type::Number) continue;
        std::uint64_t number = 0;
        const char* end = member->text.data() + member->text.size();
        if (std::from_chars(member->text.data(), end, number).ptr == end) return number;
    }
    return std::nullopt;
}

std::string bytesOfMember(const JsonValue& value, const char* name) {
    const JsonValue* member = value.find(name);
    if (member == nullptr || member->type != JsonValue::Type::String) return {};
    return fromBase64(member->text).value_or("");
}

/// False where a component has not the length of a hash: no such proof can be put into our type.
bool readProof(const JsonValue& value, ProofHashes& proof) {
    const JsonValue* member = value.find("proof");
    for (std::uint32_t i = 0; member != nullptr && i < member->count; ++i) {
        const auto bytes = fromBase64(member->items[i].text);
        if (!bytes || bytes->size() != 32) return false;
        std::copy(bytes->begin(), bytes->end(), proof.emplace_back().bytes.begin());
    }
    return true;
}

/// Whether the case's proof verifies; nothing where the file is no such case.
std::optional<bool> verdict(const JsonValue& value) {
    ProofHashes proof;
    const bool readable = readProof(value, proof);
    const auto size1 = numberOf(value, {"size1"}), size2 = numberOf(value, {"size2"});
    if (size1 && size2) {
        const std::string root1 = bytesOfMember(value, "root1"), root2 = bytesOfMember(value, "root2");
        return readable && verifyConsistency(*size1, *size2, bytesOf(root1), bytesOf(root2), proof);
    }
    const auto index = numberOf(value, {"leafIdx", "leafIndex"}), size = numberOf(value, {"treeSize"});
    if (!index || !size) return std::nullopt;
    const std::string root = bytesOfMember(value, "root"), leaf = bytesOfMember(value, "leafHash");
    return readable && verifyInclusion(*index, *size, bytesOf(leaf), bytesOf(root), proof);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(PublicProofCases)

BOOST_AUTO_TEST_CASE(every_case_has_the_published_verdict) {
    const fs::path folder = corpusFolder();
    if (!fs::is_directory(folder)) {
        std::cout << "skipped: merkle proof cases, " << folder << " not found\n";
        return;
    }
    std::size_t cases = 0, others = 0;
    for (const auto& file : fs::recursive_directory_iterator(folder)) {
        if (!file.is_regular_file() || file.path().extension() != ".json") continue;
        std::ifstream in(file.path(), std::ios::binary);
        const std::string text((std::istreambuf_iterator<char>(in)), {});
        JsonTree tree;
        const auto value = parseJson(text, JsonLimits{}, tree);
        const JsonValue* want = value.ok() ? (*value)->find("wantErr") : nullptr;
        const auto verified = want != nullptr ? verdict(**value) : std::nullopt;
        if (!verified) {
            ++others;
            continue;
        }
        ++cases;
        BOOST_TEST(*verified == (want->type == JsonValue::Type::False), file.path().string());
    }
    std::cout << "merkle proof cases: " << cases << " run, " << others << " other files\n";
    BOOST_TEST(cases > 0U);
}

BOOST_AUTO_TEST_SUITE_END()
