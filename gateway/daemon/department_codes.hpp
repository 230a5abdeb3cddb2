// gateway/daemon/department_codes.hpp - a department's short name (`housing`), as grants and commands say it, as the
// codes under which its cases stand.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/ports/key_ring.hpp"

namespace caseway {

/// The codes of the department's registered systems, and the name itself: a system without a code stands under it.
std::vector<std::string> departmentCodes(const KeyRing& ring, std::string_view department);

}  // namespace caseway
