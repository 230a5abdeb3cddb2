// gateway/daemon/clear_secrets.cpp - the judgement of drafts, asked about what runs.
#include "gateway/daemon/clear_secrets.hpp"

#include <fmt/format.h>

#include "gateway/daemon/operating_log.hpp"
#include "gateway/formats/register/connector_document.hpp"
#include "gateway/formats/settings/check_settings.hpp"

namespace caseway {

std::vector<std::string> secretsInClear(const ConnectorTypes& types, const ConnectorVersion& version) {
    const InstalledType* const type = types.find(version.head.type);
    if (type == nullptr) return {};
    std::vector<Refusal> unread;
    const ConnectorDocument document = readConnectorParts("live", version.document, unread);
    std::vector<std::string> settings;
    for (const Refusal& mistake : checkSettings(type->schema, document.settings, "live", document.settings_line))
        if (mistake.code == "secret_literal") settings.push_back(mistake.where.substr(mistake.where.find(' ') + 1));
    return settings;
}

std::vector<ClearSecrets> secretsInClear(const ConnectorTypes& types, const RegisterContent& content) {
    std::vector<ClearSecrets> found;
    for (const auto& [id, entry] : content.systems)
        for (const auto& [name, connector] : entry.connectors)
            if (const ConnectorVersion* const live = connector.liveVersion())
                if (auto settings = secretsInClear(types, *live); !settings.empty())
                    found.push_back({connector.name.text(), std::move(settings)});
    return found;
}

void logSecretsInClear(const ConnectorTypes& types, const RegisterContent& content) {
    for (const ClearSecrets& one : secretsInClear(types, content))
        logWarning("secret_in_clear", {{"connector", one.connector},
                                       {"settings", fmt::format("{}", fmt::join(one.settings, ", "))},
                                       {"hint", nextStepOfClearSecrets(one.connector)}});
}

std::string shownVersion(const ConnectorTypes& types, const ConnectorVersion& version) {
    return secretsInClear(types, version).empty() ? version.document : "(not shown: a secret stands in it in clear)\n";
}

std::string nextStepOfClearSecrets(const std::string& connector) {
    return "it goes on; caseway secret set DEPARTMENT/NAME, then caseway connector set " + connector +
           " FILE with {secret: \"store:NAME\"} where the type has a setting for it, test and activate; a secret that "
           "stood in clear is to be changed at the other side";
}

}  // namespace caseway
