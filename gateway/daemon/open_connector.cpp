// gateway/daemon/open_connector.cpp - see the header.
#include "gateway/daemon/open_connector.hpp"

#include "gateway/daemon/connector_access.hpp"
#include "gateway/daemon/secret_lookup.hpp"

namespace caseway {

Result<std::unique_ptr<Connector>> openConnector(const InstalledType& type, const YamlNode& given,
                                                 ConnectorOpening opening) {
    ConnectorSurroundings surroundings =
        surroundingsOf(opening.settings, opening.department, opening.deadline, std::move(opening.stopping));
    const SecretLookup lookup = secretLookup(opening.settings, opening.department);
    const auto json = settingsJson(type.schema, given, [&](const SecretReference& reference) {
        auto secret = lookup(reference);
        if (secret) surroundings.secrets.push_back(*secret);
        return secret;
    });
    if (!json) return json.error();
    return type.type->open(*json, surroundings);
}

}  // namespace caseway
