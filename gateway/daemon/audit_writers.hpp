// gateway/daemon/audit_writers.hpp - how a change of the register gets its leaf: through the running gateway's one
// writer, or, where none runs, straight into the store that the command opens for itself.
#pragma once

#include <memory>

#include "gateway/adapters/files/key_file.hpp"
#include "gateway/daemon/registrar.hpp"
#include "gateway/log/message_log.hpp"
#include "gateway/pipeline/committer.hpp"

namespace caseway {

/// Waits for the commit. Throws Fault{StoreUnavailable, StoreCommitUnknown, …}.
LogIndex appendThrough(Committer& committer, const AuditDocument& document, const std::string& snapshot);

/// Whether cases belong to the department with this code, deleted ones included.
bool hasCases(StoreReader& reader, const std::string& department_code);

/// Opens the store for writing; throws Fault{ConfigurationBad} where a gateway runs on the data folder, or it is
/// another user's.
std::unique_ptr<Store> openStoreForWriting(const Settings& settings);
/// The origin that the store's log goes on under: the gateway's own, or one that a restore has started behind it.
std::string originOf(StoreReader& reader, const Settings& settings);

/// The register of an installation whose gateway does not run. Holds the data folder's lock while it lives.
class OfflineRegistrar {
public:
    /// Finishes an interrupted change first. Throws Fault{ConfigurationBad, StoreUnavailable, …}.
    OfflineRegistrar(const Settings& settings, const Clock& clock);
    Registrar& registrar() { return *registrar_; }
    const ConnectorTypes& types() const { return types_; }
    StoreReader& reader() { return store_->reader(); }

private:
    LogIndex append(const AuditDocument& document, const std::string& snapshot);

    const Clock& clock_;
    ConnectorTypes types_;
    KeyFile signer_;
    std::unique_ptr<Store> store_;
    std::unique_ptr<MessageLog> log_;
    std::unique_ptr<Registrar> registrar_;
};

}  // namespace caseway
