// gateway/daemon/clear_secrets.hpp - secrets that stand in clear in what runs: no command takes such a file any more,
// but a version that was activated under former rules goes on, since a night must not end by an upgrade. It is told
// until it is changed: `connector show`, `doctor`, the operating log.
#pragma once

#include <string>
#include <vector>

#include "gateway/daemon/connector_types.hpp"
#include "gateway/domain/register.hpp"

namespace caseway {

/// The settings of a version, `/settings/parameters/sid`, in the order of the file. None where its type is not
/// installed.
std::vector<std::string> secretsInClear(const ConnectorTypes& types, const ConnectorVersion& version);

struct ClearSecrets {
    std::string connector;
    std::vector<std::string> settings;
};
/// Of all live versions that have some.
std::vector<ClearSecrets> secretsInClear(const ConnectorTypes& types, const RegisterContent& content);

/// A warning `secret_in_clear` each, in the operating log.
void logSecretsInClear(const ConnectorTypes& types, const RegisterContent& content);

/// What to do about them.
std::string nextStepOfClearSecrets(const std::string& connector);
/// Its document, or why that is not shown.
std::string shownVersion(const ConnectorTypes& types, const ConnectorVersion& version);

}  // namespace caseway
