// tests/fuzz/note_fuzz.cpp - signed notes, checkpoints, keys, tile paths and entry bundles from any bytes.
#include "gateway/base/check.hpp"
#include "gateway/formats/merkle/compact_tree.hpp"
#include "gateway/formats/merkle/note.hpp"
#include "gateway/formats/merkle/tiles.hpp"

using namespace caseway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = textOf({data, size});
    static const NoteKey kKey("center/gateway/log", Ed25519PrivateKey::fromSeed({1}).publicKey());
    if (const auto note = parseNote(text); note.ok()) static_cast<void>(verifyNote(*note, kKey));
    if (const auto head = readCheckpoint(text); head.ok())
        CASEWAY_CHECK(parseCheckpointText(checkpointText(*head)).ok());
    CASEWAY_CHECK(!openCheckpoint(text, kKey).ok());  // nobody here knows the key
    static_cast<void>(NoteKey::parse(text));
    if (const auto path = parseTilePath(text)) CASEWAY_CHECK(tilePathText(*path) == text);
    if (const auto tree = CompactTree::load(text)) static_cast<void>(tree->root());
    if (const auto entries = parseEntryBundle(text)) {
        std::string again;
        for (const std::string_view entry : *entries) CASEWAY_CHECK(appendBundleEntry(entry, again));
        CASEWAY_CHECK(again == text);
    }
    return 0;
}
