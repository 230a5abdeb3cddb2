// gateway/daemon/folder_rights.hpp - whose a data folder is, and who else could read its keys or write its register.
#pragma once

#include <string>
#include <vector>

#include "gateway/daemon/settings.hpp"

namespace caseway {

struct RightsFinding {
    std::string what;
    std::string next_step;
    bool is_bad = true;  ///< else to be looked at
};

/// What stands open to others, and what is of another owner than the folder itself: an installation copied, unpacked or
/// touched as root. At most one finding of each kind, with how many more there are. Throws nothing.
std::vector<RightsFinding> rightsFindings(const Settings& settings);

/// Throws Fault{ConfigurationBad} where the data folder is another user's than ours: what we made there, its gateway
/// could not read.
void requireOwnFolder(const Settings& settings);

}  // namespace caseway
