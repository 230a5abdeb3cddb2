// gateway/daemon/connector_judge.hpp - whether a connector's file could work here: type, direction, settings, schedule;
// all its mistakes at once, whichever kind they are of.
#pragma once

#include <string>
#include <vector>

#include "gateway/daemon/connector_types.hpp"
#include "gateway/formats/register/connector_document.hpp"

namespace caseway {

/// In the order of the file's parts; none: it could. `name`: of the connector, for its schedule.
std::vector<Refusal> judgeConnectorFile(const ConnectorTypes& types, const std::string& file, std::string_view yaml,
                                        const std::string& name);

/// Whether a secret stands in it, or might: of a type that nobody knows, nobody can tell.
bool mayBearSecret(const ConnectorTypes& types, std::string_view yaml);

}  // namespace caseway
