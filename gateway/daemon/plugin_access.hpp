// gateway/daemon/plugin_access.hpp - plug-ins as this installation's configuration runs them.
#pragma once

#include "gateway/adapters/plugin/plugin_settings.hpp"
#include "gateway/daemon/settings.hpp"

namespace caseway {

/// From the configuration; what happens to plug-ins goes to the operating log.
PluginSettings pluginSettingsOf(const Settings& settings);
/// A line of the operating log: which protections are in force. Nothing where no plug-ins are configured.
void logPluginProtections(const Settings& settings);

}  // namespace caseway
