// gateway/daemon/secret_lookup.hpp - finds what a connector's file only names: in the gateway's encrypted store, in the
// folder that the configuration opens for it, in environment variables that it names; nowhere else, and only what is
// its own department's or for all.
#pragma once

#include "gateway/daemon/settings.hpp"
#include "gateway/formats/settings/check_settings.hpp"

namespace caseway {

/// For connectors of `department`. Refusals: secret_unknown, secret_not_readable, secret_not_allowed. Never a part of a
/// secret in them, and no word on what other departments have. `settings` must live as long as the function.
SecretLookup secretLookup(const Settings& settings, const std::string& department);

}  // namespace caseway
