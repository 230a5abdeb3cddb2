// gateway/formats/merkle/note.cpp - signed notes: keys, parsing, verification.
#include "gateway/formats/merkle/note.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "gateway/base/base64.hpp"
#include "gateway/base/check.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/crypto/forgeable_ed25519.hpp"
#include "gateway/formats/text/encoding.hpp"

namespace caseway {
namespace {

constexpr std::size_t kNoteMax = 256 * 1024;
constexpr std::size_t kSignaturesMax = 64;
constexpr std::size_t kNameMax = 256;
constexpr std::string_view kDash = "\xE2\x80\x94 ";
constexpr std::uint8_t kEd25519Type = 1;

Refusal malformed(std::string where, std::string rule) {
    return {"malformed_note", std::move(where), "", std::move(rule),
            "a signed note is a text, an empty line, and signature lines"};
}
Refusal badKey(std::string rule) {
    return {"malformed_key", "key", "", std::move(rule), "copy the whole line: name, id and key"};
}

std::uint32_t bigEndian32(std::string_view bytes) {
    std::uint32_t value = 0;
    for (const char c : bytes.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(c);
    return value;
}
std::string bigEndian32(std::uint32_t value) {
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
            static_cast<char>(value)};
}

/// "— name base64", without the newline.
Result<NoteSignature> parseSignature(std::string_view line) {
    if (!line.starts_with(kDash)) return malformed("signatures", "a signature line starts with an em dash and a space");
    line.remove_prefix(kDash.size());
    const std::size_t space = line.find(' ');
    if (space == 0 || space == std::string_view::npos || space > kNameMax ||
        line.substr(0, space).find('+') != line.npos)
        return malformed("signatures", "a key name without spaces and plus signs, then a space");
    const auto bytes = fromBase64(line.substr(space + 1));
    if (!bytes || bytes->size() < 5) return malformed("signatures", "base64 of a 4-byte key id and the signature");
    return NoteSignature{std::string(line.substr(0, space)), bigEndian32(*bytes), bytes->substr(4)};
}

}  // namespace

std::uint32_t noteKeyId(std::string_view name, const Ed25519PublicKey& key) {
    std::string bytes(name);
    bytes += '\n';
    bytes += static_cast<char>(kEd25519Type);
    bytes += textOf(key);
    return bigEndian32(textOf(sha256(bytes)));
}

bool isNoteKeyName(std::string_view name) {
    return !name.empty() && name.size() <= kNameMax &&
           std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7F && c != '+'; });
}

NoteKey::NoteKey(std::string name, const Ed25519PublicKey& key)
    : name_(std::move(name)), id_(noteKeyId(name_, key)), verifier_(key) {}

Result<NoteKey> NoteKey::parse(std::string_view vkey) {
    while (vkey.ends_with('\n') || vkey.ends_with('\r')) vkey.remove_suffix(1);
    const std::size_t first = vkey.find('+');
    if (first == std::string_view::npos || vkey.size() < first + 10 || vkey[first + 9] != '+')
        return badKey("name+hhhhhhhh+base64");
    const std::string_view name = vkey.substr(0, first);
    const auto bytes = fromBase64(vkey.substr(first + 10));
    if (!isNoteKeyName(name)) return badKey("a name without spaces and control characters");
    if (!bytes || bytes->size() != 33 || (*bytes)[0] != static_cast<char>(kEd25519Type))
        return badKey("an Ed25519 key of 32 bytes");
    Ed25519PublicKey key;
    std::memcpy(key.data(), bytes->data() + 1, key.size());
    NoteKey parsed(std::string(name), key);
    if (fmt::format("{:08x}", parsed.id()) != vkey.substr(first + 1, 8))
        return badKey("a key id that fits name and key");
    if (const std::string why = whyForgeable(key); !why.empty())
        return Refusal{"malformed_key", "key", "", "a key with which only its holder can sign; this is " + why,
                       "ask the center for the log's own key: of this one no signature says anything"};
    return parsed;
}

std::string NoteKey::text() const {
    std::string bytes(1, static_cast<char>(kEd25519Type));
    bytes += textOf(verifier_.publicKey());
    return fmt::format("{}+{:08x}+{}", name_, id_, toBase64(bytesOf(bytes)));
}

Result<Note> parseNote(std::string_view bytes) {
    if (bytes.size() > kNoteMax) return malformed("note", fmt::format("at most {} bytes", kNoteMax));
    if (std::any_of(bytes.begin(), bytes.end(),
                    [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\n'; }) ||
        !isUtf8(bytes))
        return malformed("note", "UTF-8 without control characters other than newline");
    const std::size_t split = bytes.rfind("\n\n");
    if (split == std::string_view::npos || !bytes.ends_with('\n'))
        return malformed("note", "a text and signatures after an empty line");
    Note note{std::string(bytes.substr(0, split + 1)), {}};
    std::string_view lines = bytes.substr(split + 2);
    if (lines.empty()) return malformed("signatures", "at least one");
    while (!lines.empty()) {
        if (note.signatures.size() == kSignaturesMax)
            return malformed("signatures", fmt::format("at most {}", kSignaturesMax));
        const std::size_t end = lines.find('\n');
        auto signature = parseSignature(lines.substr(0, end));
        if (!signature) return std::move(signature).error();
        note.signatures.push_back(std::move(signature).value());
        lines.remove_prefix(end + 1);
    }
    return note;
}

Result<Done> verifyNote(const Note& note, const NoteKey& key) {
    bool verified = false;
    for (const NoteSignature& signature : note.signatures) {
        if (signature.name != key.name() || signature.key_id != key.id()) continue;
        if (!key.verifier().verify(bytesOf(note.text), bytesOf(signature.bytes)))
            return Refusal{"bad_note_signature", "signature of " + key.name(), "",
                           "an Ed25519 signature over the note's text",
                           "the note was altered, or signed by another key"};
        verified = true;
    }
    if (!verified)
        return Refusal{"note_not_signed", "signatures", "", "a signature of " + key.text(),
                       "check that this is the key of this log"};
    return Done{};
}

std::string noteText(std::string_view text, std::string_view name, std::uint32_t key_id,
                     const Ed25519Signature& signature) {
    CASEWAY_CHECK(text.ends_with('\n') && isNoteKeyName(name));
    std::string bytes = bigEndian32(key_id);
    bytes += textOf(signature);
    std::string note(text);
    note += '\n';
    note += kDash;
    note += name;
    note += ' ';
    note += toBase64(bytesOf(bytes));
    note += '\n';
    return note;
}

}  // namespace caseway
