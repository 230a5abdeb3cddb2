// gateway/domain/register.hpp - who is known: departments' systems, their certificates and what each may do.
#pragma once

#include <string>
#include <vector>

#include "gateway/base/ids.hpp"
#include "gateway/base/time.hpp"

namespace caseway {

/// One certificate of one system. `der` is the evidence; the public key inside fixes the algorithm.
struct RegisteredCertificate {
    KeyId id;
    SystemId owner;
    std::string der;
};

/// A system and its grants. A grant is deny by default: what is not named is not allowed.
struct RegisteredSystem {
    SystemId id;
    std::string department_code;  ///< 统一社会信用代码 of the department, compared with dept_code
    std::string department_name;
    std::vector<std::string> mappings;      ///< names of the mappings that it may name
    std::vector<std::string> on_behalf_of;  ///< department codes that it may write for (综合窗口)
    std::vector<std::string> may_read;  ///< departments (`housing`) whose cases it may read besides its own; "*" all
    bool auditor = false;               ///< may read entry bundles of the log
};

}  // namespace caseway
