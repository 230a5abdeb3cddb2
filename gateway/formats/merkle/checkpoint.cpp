// gateway/formats/merkle/checkpoint.cpp - the note text that is a tree head. Source: C2SP tlog-checkpoint.
#include "gateway/formats/merkle/hash.hpp"
#include "gateway/formats/merkle/note.hpp"

namespace caseway {
namespace {

Refusal malformed(std::string rule) {
    return {"malformed_checkpoint", "checkpoint", "", std::move(rule),
            "a checkpoint is three lines: origin, tree size, root hash"};
}

/// Cuts the first line off `text`; empty where no newline is left.
std::string_view takeLine(std::string_view& text) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

}  // namespace

std::string checkpointText(const Checkpoint& checkpoint) {
    std::string text = checkpoint.origin;
    text += '\n';
    text += std::to_string(checkpoint.tree_size);
    text += '\n';
    appendHashBase64(checkpoint.root, text);
    text += '\n';
    return text;
}

Result<Checkpoint> parseCheckpointText(std::string_view text) {
    Checkpoint checkpoint;
    checkpoint.origin = takeLine(text);
    if (checkpoint.origin.empty()) return malformed("an origin in the first line");
    const auto size = decimalFrom(takeLine(text));
    if (!size) return malformed("a decimal tree size without leading zeros in the second line");
    checkpoint.tree_size = *size;
    const auto root = hashFromBase64(takeLine(text));
    if (!root) return malformed("base64 of a 32-byte root in the third line");
    checkpoint.root = *root;
    while (!text.empty())
        if (takeLine(text).empty()) return malformed("no empty extension line");
    return checkpoint;
}

Result<Checkpoint> openCheckpoint(std::string_view note, const NoteKey& key) {
    auto parsed = parseNote(note);
    if (!parsed) return std::move(parsed).error();
    if (auto verified = verifyNote(*parsed, key); !verified) return std::move(verified).error();
    auto checkpoint = parseCheckpointText(parsed->text);
    if (checkpoint && checkpoint->origin != key.name())
        return Refusal{"wrong_origin", "checkpoint", checkpoint->origin, "origin " + key.name(),
                       "this is the head of another log"};
    return checkpoint;
}

Result<Checkpoint> readCheckpoint(std::string_view note) {
    auto parsed = parseNote(note);
    if (!parsed) return std::move(parsed).error();
    return parseCheckpointText(parsed->text);
}

}  // namespace caseway
