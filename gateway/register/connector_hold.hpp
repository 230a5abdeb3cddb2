// gateway/register/connector_hold.hpp - why a registered connector runs nothing: one place for the gateway, which holds
// it, and for commands, which tell it.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "gateway/base/result.hpp"
#include "gateway/domain/register.hpp"

namespace caseway {

/// Nothing: it runs. Refusals: connector_not_active (never live, suspended, pushes: where is `connector`; of a
/// suspended system or department: where says which), connector_mapping_not_granted (where is `mapping`): each with the
/// command that mends it.
std::optional<Refusal> whyNotLive(const RegisteredSystem& system, const RegisteredConnector& connector);

using HeldConnectors = std::map<std::string, Refusal, std::less<>>;  ///< by name

/// All that run nothing.
HeldConnectors heldConnectorsOf(const RegisterContent& content);

/// Whether somebody else's doing holds it: it was activated, and its owner did not suspend it.
inline bool isHeldFromOutside(const Refusal& why) {
    return why.where != "connector";
}

}  // namespace caseway
