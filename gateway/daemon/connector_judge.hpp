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

/// Whether a secret stands in it, or might: of a type that nobody knows, and where a setting is not of its form, nobody
/// can tell. Comments are not judged.
bool mayBearSecret(const ConnectorTypes& types, std::string_view yaml);

/// Whether `path` is a connector's draft or version that may bear a secret: a hand wrote it, no command takes it.
/// `types`: null where nobody can tell. Versions of a type that is not installed were tested once and are believed.
bool mayBearSecret(const ConnectorTypes* types, std::string_view path, std::string_view text);

/// `text` as it may stand in a log, a plan, a report: its digest ("sha256:…") where it may bear a secret. Of a digest,
/// itself.
std::string withoutSecret(const ConnectorTypes* types, std::string_view path, const std::string& text);

}  // namespace caseway
