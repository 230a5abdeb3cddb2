// gateway/daemon/registrar.hpp - carries out changes of the register, one at a time: planned and checked, safe on disk,
// logged as a leaf, then written to the files. A crash anywhere leaves the change made or not begun, files and log
// alike. docs/decisions/0008-register-as-files.md
#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "gateway/adapters/files/pending_change.hpp"
#include "gateway/adapters/files/register_tree.hpp"
#include "gateway/daemon/connector_types.hpp"
#include "gateway/daemon/settings.hpp"
#include "gateway/log/audit_document.hpp"
#include "gateway/ports/clock.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/register/plan.hpp"

namespace caseway {

/// Who asks: login name and user id of the process, and who they say that they are (behind sudo), which nobody checked.
struct Person {
    std::string name;
    std::string uid;
    std::string claimed{};
};

/// What became of an operation, as JSON: docs/formats/admin-openapi.json, `Change`.
using ChangeReport = std::string;

/// The good mappings in `tree`, and the types.
ConnectorWorld worldOf(const FileTree& tree, const ConnectorTypes& types);

class Registrar {
public:
    struct Parts {
        const Settings& settings;
        const Clock& clock;
        /// appendAudit in a transaction of its own; durable on return. Throws Fault: nothing was logged
        /// (StoreCommitUnknown: perhaps).
        std::function<LogIndex(const AuditDocument& document, const std::string& snapshot)> append;
        std::function<std::optional<std::string>(std::string_view name)> meta;
        std::function<void()> changed;          ///< files changed: take them up. May throw Fault{ConfigurationBad}.
        const ConnectorTypes* types = nullptr;  ///< none: no connector's settings can be judged
        std::function<bool(const std::string& department_code)> has_cases{};  ///< nothing: it cannot be asked
    };
    explicit Registrar(Parts parts);

    /// Plans and, unless `dry`, makes the change. Refusals: of planChange, mapping_not_good. Throws
    /// Fault{FileUnavailable, StoreUnavailable, …}: nothing was changed, or recover() finishes it. Callable
    /// concurrently. `tested`: for connector.test, what ConnectorTrial just saw to work.
    Result<ChangeReport> change(const Operation& operation, const Person& by, bool dry,
                                const std::optional<SeenToWork>& tested = {});
    /// A leaf of its own (connector_unmasked): who sees unmasked what a test of this connector read, when, and why.
    /// `dry`: nothing is written. Refusals: reason_missing. Throws as change().
    Result<ChangeReport> noteUnmaskedTest(const std::string& connector, const std::string& reason, const Person& by,
                                          bool dry);
    /// Ends what a crash interrupted. To be called before anybody reads the register.
    void recover() {
        const std::lock_guard lock(mutex_);
        recoverLocked();
    }
    /// Logs what was changed in the files by hand since the last logged change, or since the last look where none was
    /// ever logged. To be called when files were taken up. Throws as change().
    void noteEdits();

    FileTree tree() const;
    /// The mappings in `tree` and the types that are installed.
    ConnectorWorld connectorWorld(const FileTree& tree) const;

private:
    Result<PrivateKey> authorityKey(std::optional<KeyKind> make) const;
    std::optional<Refusal> judgeMappings(const PlannedChange& change, const FileTree& after) const;
    std::optional<Refusal> judgeLostMappings(const Operation& operation, PlannedChange& change,
                                             const FileTree& after) const;
    Result<ChangeReport> changeSecret(const Operation& operation, const FileTree& now, const Person& by, bool dry);
    Result<ChangeReport> noteUnmasking(const Operation& operation, const Person& by, bool dry);
    Result<ChangeReport> noteUnmasked(const PlannedChange& change, const std::string& reason, const Person& by,
                                      bool dry);
    LogIndex carryOut(const PlannedChange& change, const FileTree& after, const Person& by);
    /// Safe on disk, then logged; after it `write` has to be done.
    LogIndex stageAndLog(const AuditDocument& document, const std::string& staged, const FileTree& after);
    /// `change_follows`: a change of `now` is about to be logged.
    void noteEditsLocked(const FileTree& now, bool change_follows);
    void noteFoundLocked(const FileTree& texts);
    /// Of all keys that were ever registered, as far as changes were logged since owners are kept.
    KeyOwners ownersLocked(const FileTree& now) const;
    void writeFiles(const AuditDocument& document) const;
    void recoverLocked();

    Parts parts_;
    TreeFolders folders_;
    PendingChange pending_;
    std::mutex mutex_;
    std::optional<FileTree> seen_;  ///< at the last look, where no change was ever logged
};

TreeFolders treeFoldersOf(const Settings& settings);

/// Writes the leaf, the document, kRegisterChange and kRegisterTree; for both kinds of writer.
LogIndex appendAudit(StoreWriter& writer, class MessageLog& log, const AuditDocument& document,
                     const std::string& snapshot, Instant now);

}  // namespace caseway
