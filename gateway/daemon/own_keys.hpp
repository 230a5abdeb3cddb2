// gateway/daemon/own_keys.hpp - the gateway's own keys, by which no department's system is known.
#pragma once

#include "gateway/daemon/settings.hpp"
#include "gateway/register/plan.hpp"

namespace caseway {

/// As far as they can be read: who starts the gateway or asks the doctor learns what cannot.
KeyOwners ownKeysOf(const Settings& settings);

}  // namespace caseway
