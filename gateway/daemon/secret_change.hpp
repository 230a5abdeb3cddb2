// gateway/daemon/secret_change.hpp - the operations secret.*: a secret of a department's connectors is set, bound or
// forgotten. The leaf tells who, when and which name; neither the secret nor anything derived from it.
#pragma once

#include <string>
#include <string_view>

#include "gateway/adapters/files/secret_folder.hpp"
#include "gateway/domain/register.hpp"
#include "gateway/register/operation.hpp"

namespace caseway {

bool isSecretOperation(const Operation& operation);

/// What the store of secrets has to write; `dry`: judged only, nothing sealed. Refusals: department_unknown, and those
/// of SecretFolder.
Result<SealedFiles> planSecretChange(const Operation& operation, const RegisterContent& content, SecretFolder& secrets,
                                     bool dry);

/// The change that is under way, with the sealed files behind its document: what a start needs to finish it.
std::string stagedWith(const std::string& document, const SealedFiles& files);
struct StagedChange {
    std::string_view document;
    SealedFiles files;
};
StagedChange stagedIn(std::string_view pending);

}  // namespace caseway
