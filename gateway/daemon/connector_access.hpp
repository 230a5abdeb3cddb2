// gateway/daemon/connector_access.hpp - what a connector gets besides its settings: the guards of destinations and
// folders as the configuration draws them, its deadline, and the word to stop.
#pragma once

#include "gateway/daemon/settings.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

/// For a connector of `department`. Copies what it needs. The guards throw ConnectorFault{Config,
/// destination_not_allowed, folder_not_allowed}.
ConnectorSurroundings surroundingsOf(const Settings& settings, const std::string& department,
                                     std::chrono::milliseconds deadline, std::function<bool()> stopping);

/// Why `folder` is not open to connectors of `department`; empty: it is. Links are followed before it is compared. The
/// entries nearest above it decide, and it must hold none that is another department's. Never the gateway's own folders
/// (data, keys, secrets, plug-ins, register, mappings), nor what lies in them or around them.
std::string whyNotFolder(const Settings& settings, const std::string& department, const std::string& folder);

}  // namespace caseway
