// gateway/daemon/own_keys.hpp - the gateway's own certificate: until when it is good, and its key, by which no
// department's system is known.
#pragma once

#include <filesystem>
#include <optional>

#include "gateway/daemon/settings.hpp"
#include "gateway/register/plan.hpp"
#include "gateway/register/register_view.hpp"

namespace caseway {

/// As far as they can be read: who starts the gateway or asks the doctor learns what cannot.
KeyOwners ownKeysOf(const Settings& settings);

/// Of the listener's own certificate; nothing where it cannot be read: the listener says so itself.
std::optional<Expiry> serverExpiry(const std::filesystem::path& file);

}  // namespace caseway
