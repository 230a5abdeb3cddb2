// gateway/register/replaced_mappings.hpp - what an installed mapping's new text means for those who use it. Allowed,
// since that is how a mapping is mended, but told.
#pragma once

#include <string>
#include <vector>

#include "gateway/domain/register.hpp"

namespace caseway {

/// The systems that may use the mapping, "housing/permits, tax/cases"; empty where there is none.
std::string systemsWith(const std::string& mapping, const RegisterContent& content);

/// Lines: that the mapping `name` in `file` has another text from now on, and for whom; each connector that goes on
/// with the former text until it is tested anew.
std::vector<std::string> tellReplaced(const std::string& name, const std::string& file, const RegisterContent& content);

}  // namespace caseway
