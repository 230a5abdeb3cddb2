// gateway/cli/connector_commands.hpp - the parts of the group `caseway connector`, each adding its commands to it: the
// life (connector_commands.cpp), the looking (connector_views.cpp), the upgrade of plug-ins (connector_renewal.cpp).
#pragma once

#include "gateway/cli/command.hpp"

namespace caseway {

/// types, sample, list, show, versions, diff
void addConnectorViews(CLI::App& group, CommandContext& context);
/// renew
void addConnectorRenewal(CLI::App& group, CommandContext& context);

}  // namespace caseway
