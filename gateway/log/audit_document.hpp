// gateway/log/audit_document.hpp - a change of the register as the log keeps it: who, what, the files before and after.
// The leaf of type audit holds digests of both sides; the document stands beside it, as a message's envelope does.
// Format: docs/formats/message-log.md.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.hpp"
#include "gateway/domain/file_tree.hpp"
#include "gateway/domain/log_entry.hpp"

namespace caseway {

struct AuditDocument {
    std::string by_name;  ///< login name of the user id; in the document only
    std::string by_uid;   ///< of the process that asked, as the kernel says; also in the leaf
    std::string change;   ///< UUID of this change
    std::string event;    ///< docs/errors.md
    std::string subject;
    FileTree before;           ///< changed and removed files
    FileTree after;            ///< changed and new files
    std::string by_claimed{};  ///< who asked, as they say (sudo); nobody checked it. In the document only

    /// Canonical JSON.
    std::string json() const;
    /// Refusal: audit_document_malformed.
    static Result<AuditDocument> read(std::string_view json);
};

/// In StoreReader::meta: id of the last logged change, and the files after it, as `after` of a document without a leaf.
constexpr std::string_view kRegisterChange = "register_change";
constexpr std::string_view kRegisterTree = "register_tree";

/// The leaf of a document: `json` is what is stored beside it.
LogEntry auditEntry(const AuditDocument& document, std::string_view json, Instant at);

/// What the leaf says and the stored document does not; empty where they agree. `json` has the leaf's digest.
std::string auditDifference(const LogEntry& entry, std::string_view json);

}  // namespace caseway
