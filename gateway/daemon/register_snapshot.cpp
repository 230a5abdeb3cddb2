// gateway/daemon/register_snapshot.cpp - files to texts, and to JSON.
#include "gateway/daemon/register_snapshot.hpp"

#include <utility>

#include "gateway/daemon/connector_judge.hpp"
#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/register/register_path.hpp"
#include "gateway/formats/text/encoding.hpp"

namespace caseway {
namespace {

constexpr std::size_t kDocumentBytesMax = 4 * 1024 * 1024;

}  // namespace

FileTree asTexts(FileTree tree, const ConnectorTypes* types) {
    std::size_t bytes = 0;
    std::erase_if(tree, [](const auto& file) { return !isRegisterPath(file.first); });
    for (const auto& [path, text] : tree) bytes += text.size();
    for (auto& [path, text] : tree)
        text = bytes > kDocumentBytesMax || !isUtf8(text) ? "sha256:" + toHex(sha256(text))
                                                          : withoutSecret(types, path, text);
    return tree;
}

void addOwners(const FileTree& tree, KeyOwners& owners) {
    for (const auto& [path, bytes] : tree) {
        const auto parts = pathParts(path);
        if (parts.size() != 4 || parts[0] != "systems" || !path.ends_with(".pem")) continue;
        if (const auto facts = factsOfPem(bytes)) owners[facts->key_digest] = parts[1] + '/' + parts[2];
    }
}

std::string snapshotOf(const FileTree& tree, KeyOwners owners, const ConnectorTypes* types) {
    AuditDocument document;
    document.after = asTexts(tree, types);
    addOwners(tree, owners);
    document.before = std::move(owners);
    return document.json();
}

FileTree treeIn(const std::optional<std::string>& snapshot) {
    auto document = snapshot ? AuditDocument::read(*snapshot) : Result<AuditDocument>(Refusal{});
    return document ? std::move(document->after) : FileTree();
}

std::vector<FileChange> shown(std::vector<FileChange> changes, const ConnectorTypes* types) {
    for (FileChange& change : changes)
        for (std::optional<std::string>* text : {&change.before, &change.after})
            if (*text) **text = withoutSecret(types, change.path, **text);
    return changes;
}

void addFiles(const std::vector<FileChange>& changes, AuditDocument& document) {
    for (const FileChange& change : changes) {
        if (change.before) document.before.emplace(change.path, *change.before);
        if (change.after) document.after.emplace(change.path, *change.after);
    }
}

}  // namespace caseway
