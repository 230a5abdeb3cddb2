// gateway/daemon/department_codes.cpp - see the header.
#include "gateway/daemon/department_codes.hpp"

#include <algorithm>

namespace caseway {

std::vector<std::string> departmentCodes(const KeyRing& ring, std::string_view department) {
    std::vector<std::string> codes{std::string(department)};
    for (const RegisteredSystem* system : ring.allSystems())
        if (system->id.department() == department) codes.push_back(departmentOf(*system));
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    return codes;
}

}  // namespace caseway
