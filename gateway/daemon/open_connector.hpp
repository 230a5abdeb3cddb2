// gateway/daemon/open_connector.hpp - from a connector's settings as written to the connector: secrets in their places,
// the guards of its department around it. The same for a test and for a run.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "gateway/base/result.hpp"
#include "gateway/daemon/connector_types.hpp"
#include "gateway/formats/settings/secret_mask.hpp"
#include "gateway/formats/yaml/yaml_tree.hpp"

namespace caseway {

struct ConnectorOpening {
    const Settings& settings;
    std::string department;  ///< whose secrets, destinations and folders it may use
    std::chrono::milliseconds deadline;
    std::function<bool()> stopping;
    bool dials = true;  ///< false: it looks hosts up, and its first connection to one that it may reach is refused
};

struct OpenedConnector {
    std::unique_ptr<Connector> connector;  ///< that tells none of its secrets
    SecretMask mask;                       ///< of these, for what is shown of its payloads
};

/// `given`: settings that fit the type's schema. Refusals: of secretLookup. Throws ConnectorFault as the type does.
Result<OpenedConnector> openConnector(const InstalledType& type, const YamlNode& given, ConnectorOpening opening);

}  // namespace caseway
