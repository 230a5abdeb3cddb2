// tests/unit/merkle/note_test.cpp - signed notes, checkpoints, proofs as text, tile paths: the examples of the
// specifications, and what must be refused.
#include "gateway/formats/merkle/note.hpp"

#include <boost/test/unit_test.hpp>

#include "gateway/base/base64.hpp"
#include "gateway/formats/merkle/hash.hpp"
#include "gateway/formats/merkle/tiles.hpp"
#include "gateway/formats/merkle/tlog_proof.hpp"

using namespace caseway;

namespace {

Ed25519PrivateKey testKey() {
    return Ed25519PrivateKey::fromSeed({1, 2, 3});
}

std::string signedCheckpoint(const Checkpoint& checkpoint, const std::string& name) {
    const Ed25519PrivateKey key = testKey();
    const std::string text = checkpointText(checkpoint);
    return noteText(text, name, noteKeyId(name, key.publicKey()), key.sign(bytesOf(text)));
}

template <class T>
std::string codeOf(const Result<T>& result) {
    return result.ok() ? "ok" : result.error().code;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Ed25519)

BOOST_AUTO_TEST_CASE(signs_as_the_first_vectors_of_rfc_8032) {
    struct Vector {
        const char *secret, *key, *message, *signature;
    };
    const Vector vectors[] = {{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                               "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                               "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e397"
                               "01cf9b46bd25bf5f0595bbe24655141438e7a1"
                               "00b"},
                              {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                               "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                               "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f361"
                               "3d0f11d8c387b2eaeb4302aeeb00d291612bb0"
                               "c00"}};
    for (const Vector& vector : vectors) {
        std::array<std::uint8_t, 32> seed;
        BOOST_REQUIRE(fromHex(vector.secret, seed));
        const auto key = Ed25519PrivateKey::fromSeed(seed);
        BOOST_TEST(toHex(key.publicKey()) == vector.key);
        std::vector<std::uint8_t> message(std::string_view(vector.message).size() / 2);
        BOOST_REQUIRE(fromHex(vector.message, message));
        BOOST_TEST(toHex(key.sign(message)) == vector.signature);
        const Ed25519Verifier verifier(key.publicKey());
        auto signature = key.sign(message);
        BOOST_TEST(verifier.verify(message, signature));
        signature[5] ^= 1;
        BOOST_TEST(!verifier.verify(message, signature));
        BOOST_TEST(!verifier.verify(message, ByteView(signature).first(63)));
    }
}

BOOST_AUTO_TEST_CASE(a_key_survives_its_pem_text_and_nothing_else_passes_for_one) {
    const auto key = Ed25519PrivateKey::generate();
    const auto again = Ed25519PrivateKey::fromPem(key.toPem());
    BOOST_REQUIRE(again);
    BOOST_TEST((again->publicKey() == key.publicKey()));
    BOOST_TEST(!Ed25519PrivateKey::fromPem("").has_value());
    BOOST_TEST(
        !Ed25519PrivateKey::fromPem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(SignedNote)

BOOST_AUTO_TEST_CASE(reads_the_examples_of_the_specifications) {
    const std::string note =
        "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned \xC3\xA8 subito sera.\n\n"
        "\xE2\x80\x94 quasimodo.example/salvatore "
        "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
    const auto parsed = parseNote(note);
    BOOST_REQUIRE(parsed.ok());
    BOOST_TEST(parsed->text.ends_with("subito sera.\n"));
    BOOST_TEST(parsed->signatures.at(0).name == "quasimodo.example/salvatore");
    BOOST_TEST(parsed->signatures.at(0).key_id == 0x367ba04bU);
    BOOST_TEST(parsed->signatures.at(0).bytes.size() == 64U);
    const auto head = readCheckpoint(
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "\xE2\x80\x94 example.com/behind-the-sofa "
        "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n");
    BOOST_REQUIRE(head.ok());
    BOOST_TEST(head->tree_size == 20852163U);
}

BOOST_AUTO_TEST_CASE(a_known_key_verifies_the_example_of_its_library) {
    // The verifier key of golang.org/x/mod/sumdb/note's documentation.
    const auto key = NoteKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    BOOST_REQUIRE(key.ok());
    BOOST_TEST(key->text() == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    const auto note = parseNote(
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        "\xE2\x80\x94 PeterNeumann "
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n");
    BOOST_REQUIRE(note.ok());
    BOOST_TEST(codeOf(verifyNote(*note, *key)) == "ok");
}

BOOST_AUTO_TEST_CASE(refuses_everything_that_is_not_a_note) {
    const std::string line = "\xE2\x80\x94 n " + toBase64(bytesOf("0123456789")) + "\n";
    const std::string good = "text\n\n" + line;
    BOOST_TEST(codeOf(parseNote(good)) == "ok");
    std::string many = good;
    for (int i = 0; i < 100; ++i) many += line;
    const std::string bad[] = {"",
                               "\n",
                               "text\n",
                               "text\n\n",
                               "text\n" + line,
                               good + "\n",
                               good.substr(0, good.size() - 1),
                               "te\rxt\n\n" + line,
                               "te\xFFxt\n\n" + line,
                               "text\n\n- n AAAAAAAA\n",
                               "text\n\n\xE2\x80\x94 n AAAA\n",
                               "text\n\n\xE2\x80\x94 n+m " + toBase64(bytesOf("0123456789")) + "\n",
                               "text\n\n\xE2\x80\x94  AAAAAAAA\n",
                               "text\n\n\xE2\x80\x94 n AAAAAAB=\n",
                               many,
                               std::string(300 * 1024, 'x') + "\n\n" + line};
    for (const std::string& note : bad) BOOST_TEST(codeOf(parseNote(note)) == "malformed_note", note.substr(0, 60));
}

BOOST_AUTO_TEST_CASE(refuses_malformed_keys) {
    const std::string good = NoteKey("center/gateway/log", testKey().publicKey()).text();
    BOOST_TEST(codeOf(NoteKey::parse(good)) == "ok");
    BOOST_TEST(codeOf(NoteKey::parse(good + "\n")) == "ok");
    std::string other = good;
    other[0] = 'd';
    for (const std::string& key :
         {std::string(), std::string("a+b+c"), other, good.substr(1), good + "A", good.substr(0, good.size() - 4)})
        BOOST_TEST(codeOf(NoteKey::parse(key)) == "malformed_key", key);
}

BOOST_AUTO_TEST_CASE(refuses_keys_with_which_anybody_can_sign) {
    for (const char* hex : {"0100000000000000000000000000000000000000000000000000000000000000",
                            "0100000000000000000000000000000000000000000000000000000000000080",
                            "0000000000000000000000000000000000000000000000000000000000000000",
                            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
        Ed25519PublicKey point;
        BOOST_REQUIRE(fromHex(hex, point));
        const auto key = NoteKey::parse(NoteKey("center/gateway/log", point).text());
        BOOST_TEST(codeOf(key) == "malformed_key", hex);
        BOOST_TEST(key.error().rule.find("only its holder") != std::string::npos, hex);
    }
}

BOOST_AUTO_TEST_CASE(a_checkpoint_counts_only_signed_by_its_own_log) {
    const Checkpoint head{"center/gateway/log", 7, leafHash("root")};
    const NoteKey key("center/gateway/log", testKey().publicKey());
    const std::string note = signedCheckpoint(head, "center/gateway/log");
    const auto opened = openCheckpoint(note, key);
    BOOST_REQUIRE(opened.ok());
    BOOST_TEST((*opened == head));
    for (std::size_t i = 0; i < note.size(); ++i) {
        std::string changed = note;
        changed[i] ^= 1;
        BOOST_TEST(codeOf(openCheckpoint(changed, key)) != "ok", "byte " << i);
    }
    BOOST_TEST(
        codeOf(openCheckpoint(note, NoteKey("center/gateway/log", Ed25519PrivateKey::fromSeed({9}).publicKey()))) ==
        "note_not_signed");
    BOOST_TEST(codeOf(openCheckpoint(signedCheckpoint({"other/log", 7, head.root}, "center/gateway/log"), key)) ==
               "wrong_origin");
}

BOOST_AUTO_TEST_CASE(refuses_malformed_checkpoint_texts) {
    const std::string root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    BOOST_TEST(codeOf(parseCheckpointText("o\n0\n" + root + "\n")) == "ok");
    BOOST_TEST(codeOf(parseCheckpointText("o\n1\n" + root + "\nextension\n")) == "ok");
    const std::string bad[] = {"",
                               "o\n1\n" + root,
                               "\n1\n" + root + "\n",
                               "o\n01\n" + root + "\n",
                               "o\n-1\n" + root + "\n",
                               "o\n+1\n" + root + "\n",
                               "o\n99999999999999999999\n" + root + "\n",
                               "o\n1\n" + root.substr(4) + "\n",
                               "o\n1\n" + root + "\n\n",
                               "o\n \n" + root + "\n"};
    for (const std::string& text : bad) BOOST_TEST(codeOf(parseCheckpointText(text)) == "malformed_checkpoint", text);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(TlogProofSuite)

BOOST_AUTO_TEST_CASE(survives_writing_and_reading) {
    const ProofHashes hashes{leafHash("a"), leafHash("b")};
    std::string text;
    appendTlogProof(5, hashes, "checkpoint\n", text);
    BOOST_TEST(text.starts_with("c2sp.org/tlog-proof@v1\nindex 5\n"));
    const auto proof = parseTlogProof(text);
    BOOST_REQUIRE(proof.ok());
    BOOST_TEST(proof->index == 5U);
    BOOST_TEST((proof->hashes == hashes));
    BOOST_TEST(proof->checkpoint == "checkpoint\n");
}

BOOST_AUTO_TEST_CASE(takes_the_optional_extra_line_and_no_hashes) {
    const auto proof = parseTlogProof("c2sp.org/tlog-proof@v1\nextra aGVsbG8=\nindex 0\n\nx\n");
    BOOST_REQUIRE(proof.ok());
    BOOST_TEST(proof->extra == "hello");
    BOOST_TEST(proof->hashes.empty());
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_a_proof) {
    std::string many = "c2sp.org/tlog-proof@v1\nindex 0\n";
    for (int i = 0; i < 65; ++i) appendHashBase64(leafHash("a"), many), many += '\n';
    const std::string bad[] = {"",
                               "c2sp.org/tlog-proof@v2\nindex 0\n\n",
                               "c2sp.org/tlog-proof@v1\n",
                               "c2sp.org/tlog-proof@v1\nindex 00\n\n",
                               "c2sp.org/tlog-proof@v1\nindex 0\n",
                               "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\n",
                               "c2sp.org/tlog-proof@v1\nextra \nindex 0\n\n",
                               "c2sp.org/tlog-proof@v1\nextra AAAA\nextra AAAA\nindex 0\n\n",
                               many + "\n"};
    for (const std::string& text : bad)
        BOOST_TEST(codeOf(parseTlogProof(text)) == "malformed_proof", text.substr(0, 60));
}

BOOST_AUTO_TEST_CASE(proves_this_leaf_and_no_other) {
    const NoteKey key("center/gateway/log", testKey().publicKey());
    const Sha256 left = leafHash("left"), right = leafHash("right");
    std::string text;
    appendTlogProof(1, ProofHashes{left},
                    signedCheckpoint({"center/gateway/log", 2, nodeHash(left, right)}, key.name()), text);
    const auto proven = verifyTlogProof(text, "right", key);
    BOOST_REQUIRE(proven.ok());
    BOOST_TEST(proven->index == 1U);
    BOOST_TEST(codeOf(verifyTlogProof(text, "left", key)) == "leaf_not_proven");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(TilePaths)

BOOST_AUTO_TEST_CASE(are_written_and_read_as_the_format_says) {
    const std::pair<TilePath, std::string> cases[] = {{{0, 1234067, 256}, "0/x001/x234/067"},
                                                      {{3, 0, 256}, "3/000"},
                                                      {{1, 7, 17}, "1/007.p/17"},
                                                      {{std::nullopt, 1000, 256}, "entries/x001/000"},
                                                      {{std::nullopt, 999, 1}, "entries/999.p/1"},
                                                      {{63, 1ULL << 40, 255}, "63/x001/x099/x511/x627/776.p/255"}};
    for (const auto& [path, text] : cases) {
        BOOST_TEST(tilePathText(path) == text);
        BOOST_TEST((parseTilePath(text) == path), text);
    }
}

BOOST_AUTO_TEST_CASE(have_one_spelling) {
    for (const char* text : {"",
                             "0",
                             "0/",
                             "00/000",
                             "64/000",
                             "-1/000",
                             "0/00",
                             "0/0000",
                             "0/x000/001",
                             "0/x001",
                             "0/x001/",
                             "0/001/002",
                             "0/x001/x002",
                             "0/000.p/0",
                             "0/000.p/256",
                             "0/000.p/01",
                             "0/000.p/",
                             "0/000.p/1/",
                             "0/000.p/1.p/1",
                             "entries",
                             "entries/",
                             "Entries/000",
                             "0/ 00",
                             "0/x999/x999/x999/x999/x999/x999/x999/x999/999"})
        BOOST_TEST(!parseTilePath(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(entry_bundles_come_back_entry_by_entry) {
    std::string bundle;
    BOOST_TEST(appendBundleEntry("one", bundle));
    BOOST_TEST(appendBundleEntry("", bundle));
    BOOST_TEST(appendBundleEntry(std::string(65535, 'x'), bundle));
    BOOST_TEST(!appendBundleEntry(std::string(65536, 'x'), bundle));
    const auto entries = parseEntryBundle(bundle);
    BOOST_REQUIRE(entries);
    BOOST_TEST(entries->size() == 3U);
    BOOST_TEST((*entries)[0] == "one");
    BOOST_TEST(!parseEntryBundle(bundle.substr(0, bundle.size() - 1)).has_value());
    BOOST_TEST(!parseEntryBundle("\x01").has_value());
    BOOST_TEST(!parseEntryBundle(std::string(2 * 257, '\0')).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
