// gateway/audit/register_audit.cpp - the documents of the audit leaves, one upon the other.
#include "gateway/audit/register_audit.hpp"

#include "gateway/audit/row_reading.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/register/register_path.hpp"
#include "gateway/log/audit_document.hpp"
#include "gateway/log/leaf.hpp"

namespace caseway {
namespace {

/// Where the files are very many, digests stand for their texts.
bool isSame(const std::string& one, const std::string& other) {
    constexpr std::string_view kDigest = "sha256:";
    if (one == other) return true;
    const bool one_is = one.starts_with(kDigest), other_is = other.starts_with(kDigest);
    if (one_is == other_is) return false;
    const std::string& digest = one_is ? one : other;
    return digest == std::string(kDigest) + toHex(sha256(one_is ? other : one));
}

}  // namespace

void RegisterAudit::leaf(LogIndex index) {
    const auto text = store_.leaf(index);
    const auto entry = text ? parseLeaf(*text) : Result<LogEntry>(Refusal{});
    if (!entry || entry->type != EntryType::Audit || !entry->envelope_digest) return;
    const auto envelope = readable(findings_, "envelope_changed", "leaf " + std::to_string(index), [&] {
                              return store_.envelope(index);
                          }).value_or(std::nullopt);
    const auto document = envelope ? AuditDocument::read(envelope->head) : Result<AuditDocument>(Refusal{});
    if (!document) {
        has_gap_ = true;
        return;
    }
    for (const auto& [path, before] : document->before)
        if (!document->after.contains(path)) files_.erase(path);
    for (const auto& [path, after] : document->after)
        if (isRegisterPath(path)) files_.insert_or_assign(path, LoggedFile{after, index});
}

void RegisterAudit::finish() {
    if (has_gap_) return;  // told where envelopes are checked: what it changed is unknown
    const auto stored = store_.meta(kRegisterTree);
    FileTree remembered;
    if (stored) {
        auto snapshot = AuditDocument::read(*stored);
        if (!snapshot)
            return findings_.add("register_differs", std::string(kRegisterTree), "files as JSON",
                                 snapshot.error().where, "compare with a backup");
        remembered = std::move(snapshot->after);
    }
    for (const auto& [path, logged] : files_) {
        const auto found = remembered.find(path);
        compare(path, &logged, found == remembered.end() ? nullptr : &found->second);
    }
    for (const auto& [path, text] : remembered)
        if (!files_.contains(path)) compare(path, nullptr, &text);
}

void RegisterAudit::compare(const std::string& path, const LoggedFile* logged, const std::string* remembered) {
    if (logged != nullptr && remembered != nullptr && isSame(logged->text, *remembered)) return;
    findings_.add(
        "register_differs", path,
        logged == nullptr ? "none: no change tells of it" : "as leaf " + std::to_string(logged->index) + " left it",
        remembered == nullptr ? "none"
        : logged == nullptr   ? "remembered"
                              : "another text",
        "the gateway's memory of the register was changed beside the log: hold the files of the register "
        "against the documents of its audit leaves, and ask who may sign");
}

}  // namespace caseway
