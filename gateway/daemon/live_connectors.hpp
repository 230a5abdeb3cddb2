// gateway/daemon/live_connectors.hpp - the connectors that are live now, each with the mapping and the schedule of its
// live version, as the register's files say it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/daemon/connector_types.hpp"
#include "gateway/domain/register.hpp"
#include "gateway/pipeline/mapping_shelf.hpp"
#include "gateway/sync/schedule.hpp"

namespace caseway {

/// A version that runs: what a run needs, and nothing that can change under it.
struct LiveConnector {
    ConnectorName name;
    int version = 0;
    ConnectorVersion file;
    std::string since{};  ///< live, and expected to keep its schedule; RFC 3339
    std::optional<Schedule> schedule;

    /// Under which its cursor stands: of the connector, its type and its settings. Others begin anew: what a former
    /// table or address was read up to says nothing about this one, and records that are there already are the same.
    std::string cursorName() const;
    /// A digest of its type, its settings and its mapping: a run that began with others does not go on with these.
    std::string terms() const;
};
using LiveConnectors = std::map<std::string, std::shared_ptr<const LiveConnector>, std::less<>>;

/// Pulling ones that nothing holds (register/connector_hold.hpp): neither suspended themselves nor of a suspended
/// system, with a mapping that the system may use. A schedule that cannot be read (it was
/// when the version was activated: zones come and go) leaves a connector without one; `mistake` is told of it.
LiveConnectors liveConnectorsOf(const RegisterContent& content,
                                const std::function<void(const std::string& connector, const Refusal&)>& mistake);

/// The mapping that the version was tested with. Refusal: mapping_not_good.
Result<ShelvedMapping> mappingOf(const LiveConnector& live);

/// Opens it with its settings, secrets resolved. Refusals: connector_type_unknown, connector_type_changed (a plug-in
/// that is not the one that was tested), secret_unknown …; throws ConnectorFault as the type does.
Result<std::unique_ptr<Connector>> openLive(const LiveConnector& live, const ConnectorTypes& types,
                                            const Settings& settings, std::function<bool()> stopping);

/// Why live ones could not even be opened here, each that cannot: a type that is not installed or a plug-in that was
/// changed, a secret that is not there, settings that open nothing, a mapping that is good no more, an exchange folder
/// of this machine that is not there, a host that the configuration opens to nobody. An installation that was set up
/// again from its files has such. Dials nobody.
std::vector<Refusal> whyNotOpened(const LiveConnectors& all, const ConnectorTypes& types, const Settings& settings);

}  // namespace caseway
