// gateway/daemon/secret_users.hpp - who stands on a secret: by a department's short name, or by its own.
#pragma once

#include <string>
#include <vector>

#include "gateway/adapters/files/secret_folder.hpp"
#include "gateway/daemon/settings.hpp"
#include "gateway/domain/register.hpp"
#include "gateway/register/plan.hpp"

namespace caseway {

/// The secrets that are kept for a department, and the lists of the configuration that name it.
OpenedByName openedByName(const Settings& settings, const std::string& department);

/// A warning for each live connector that names the secret which goes, and what it finds in its place.
std::vector<std::string> tellUsersOf(const SecretId& removed, const RegisterContent& content,
                                     const SecretFolder& secrets);

}  // namespace caseway
