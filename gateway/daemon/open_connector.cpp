// gateway/daemon/open_connector.cpp - see the header.
#include "gateway/daemon/open_connector.hpp"

#include "connectors/sdk/wire/masked_answers.hpp"
#include "connectors/sdk/wire/masked_connector.hpp"
#include "gateway/daemon/connector_access.hpp"
#include "gateway/daemon/secret_lookup.hpp"

namespace caseway {

Result<OpenedConnector> openConnector(const InstalledType& type, const YamlNode& given, ConnectorOpening opening) {
    ConnectorSurroundings surroundings =
        surroundingsOf(opening.settings, opening.department, opening.deadline, std::move(opening.stopping));
    if (!opening.dials)
        surroundings.allow_destination = [allow = surroundings.allow_destination](
                                             const std::string& host, const std::string& address, std::uint16_t port) {
            allow(host, address, port);
            throw ConnectorFault(ConnectorFaultKind::Transient,
                                 {"connector_stopped", host, "it is not dialed now", {}, {}});
        };
    const SecretLookup lookup = secretLookup(opening.settings, opening.department);
    const auto json = settingsJson(type.schema, given, [&](const SecretReference& reference) {
        auto secret = lookup(reference);
        if (secret) surroundings.secrets.push_back(*secret);
        return secret;
    });
    if (!json) return json.error();
    SecretMask mask(surroundings.secrets);
    try {
        return OpenedConnector{makeMasked(type.type->open(*json, surroundings), mask), mask};
    } catch (const ConnectorFault& fault) {
        throw maskedFault(fault, mask);
    }
}

}  // namespace caseway
