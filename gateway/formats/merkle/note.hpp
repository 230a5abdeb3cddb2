// gateway/formats/merkle/note.hpp - C2SP signed notes and the log's own checkpoints. Sources: signed-note.md,
// tlog-checkpoint.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/formats/crypto/ed25519.hpp"

namespace caseway {

/// First four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key), big-endian.
std::uint32_t noteKeyId(std::string_view name, const Ed25519PublicKey& key);
/// Non-empty, ASCII without spaces, control characters and '+': what we take as a key name and as an origin.
bool isNoteKeyName(std::string_view name);

/// A trusted key: its name, and what verifies with it.
class NoteKey {
public:
    NoteKey(std::string name, const Ed25519PublicKey& key);
    /// "name+hhhhhhhh+base64(0x01 ‖ key)". Refusal: malformed_key.
    static Result<NoteKey> parse(std::string_view vkey);
    std::string text() const;
    const std::string& name() const { return name_; }
    std::uint32_t id() const { return id_; }
    const Ed25519Verifier& verifier() const { return verifier_; }
    /// The same public key under another name: the log before it got a new origin.
    NoteKey renamed(std::string name) const { return {std::move(name), verifier_.publicKey()}; }

private:
    std::string name_;
    std::uint32_t id_;
    Ed25519Verifier verifier_;
};

struct NoteSignature {
    std::string name;
    std::uint32_t key_id = 0;
    std::string bytes;
};
/// `text` ends in a newline; nothing in it may be believed before verifyNote.
struct Note {
    std::string text;
    std::vector<NoteSignature> signatures;
};

/// At most 256 KiB and 64 signatures. Refusal: malformed_note.
Result<Note> parseNote(std::string_view bytes);
/// Every signature of this key must verify and there must be one. Refusals: note_not_signed, bad_note_signature.
Result<Done> verifyNote(const Note& note, const NoteKey& key);
/// The signed note with one signature. Bug unless `text` ends in a newline.
std::string noteText(std::string_view text, std::string_view name, std::uint32_t key_id,
                     const Ed25519Signature& signature);

/// A tree head: who says it, how many leaves, which root.
struct Checkpoint {
    std::string origin;
    std::uint64_t tree_size = 0;
    Sha256 root;

    bool operator==(const Checkpoint&) const = default;
};

/// The text that is signed: origin, size, root in base64, a line each.
std::string checkpointText(const Checkpoint& checkpoint);
/// From a note's text; further lines are allowed and ignored. Refusal: malformed_checkpoint.
Result<Checkpoint> parseCheckpointText(std::string_view text);
/// Parses a whole note, verifies it, and holds the origin against the key's name. Refusals: as above, wrong_origin.
Result<Checkpoint> openCheckpoint(std::string_view note, const NoteKey& key);
/// The same without trust in anything: for telling what a note claims. Refusals: malformed_note, malformed_checkpoint.
Result<Checkpoint> readCheckpoint(std::string_view note);

}  // namespace caseway
