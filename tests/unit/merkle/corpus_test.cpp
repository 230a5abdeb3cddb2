// tests/unit/merkle/corpus_test.cpp - the public proof cases (transparency-dev/merkle testdata), where they are at
// hand: one JSON object a case, alone in its file or in a list; "wantErr" says whether the proof must be refused.
#include <boost/test/unit_test.hpp>
#include <charconv>

#include "gateway/base/base64.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/merkle/proof.hpp"
#include "tests/support/corpora.hpp"

using namespace caseway;

namespace {

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

/// Whether the case's proof verifies; nothing where it is no such case.
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

/// Proofs of parts of a tree, which no log of ours gives; and two empty trees with roots that are no hashes, of which
/// the suite has said both over the years.
bool isBeside(const JsonValue& value) {
    if (value.find("start") != nullptr && value.find("end") != nullptr) return true;
    return numberOf(value, {"size1"}) == 0 && numberOf(value, {"size2"}) == 0 && bytesOfMember(value, "root1").size() != 32;
}

struct Tally {
    std::size_t cases = 0;
    std::size_t must_fail = 0;
    std::size_t beside = 0;
};

/// Every case in the value.
void judge(const JsonValue& value, const std::string& place, Tally& tally) {
    for (std::uint32_t i = 0; value.type == JsonValue::Type::Array && i < value.count; ++i)
        judge(value.items[i], place + " #" + std::to_string(i), tally);
    if (value.type != JsonValue::Type::Object) return;
    const JsonValue* const want = value.find("wantErr");
    if (want == nullptr) {
        for (std::uint32_t i = 0; i < value.count; ++i) judge(value.members[i].value, place, tally);
        return;
    }
    if (isBeside(value)) {
        ++tally.beside;
        return;
    }
    const auto verified = verdict(value);
    BOOST_TEST(verified.has_value(), place << ": a case of a form that is not known");
    if (!verified) return;
    const bool must_fail = want->type == JsonValue::Type::True;
    ++tally.cases;
    tally.must_fail += must_fail ? 1 : 0;
    BOOST_TEST(*verified == !must_fail, place);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(PublicProofCases)

BOOST_AUTO_TEST_CASE(every_case_has_the_published_verdict) {
    const test::Corpus corpus("merkle");
    Tally tally;
    for (const auto& file : corpus.files(".json")) {
        const std::string text = test::Corpus::contentOf(file);
        JsonTree tree;
        if (const auto value = parseJson(text, JsonLimits{}, tree)) judge(**value, file.string(), tally);
    }
    corpus.tell(tally.cases, "proofs, of which " + std::to_string(tally.must_fail) + " must be refused; " +
                                 std::to_string(tally.beside) + " of other kinds left out");
}

BOOST_AUTO_TEST_SUITE_END()
