// gateway/register/near_registered.hpp - a name under which nothing is registered, and the one that may have been
// meant: of departments, systems, connectors.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/refusal.hpp"
#include "gateway/domain/register.hpp"

namespace caseway {

/// "did you mean 'housing/permits/nightly'?", or `otherwise` where none is near. A last part that only one has, such as
/// `nightly`, is near.
std::string hintOfNearestConnector(const RegisterContent& content, std::string_view name, std::string_view otherwise);
std::string hintOfNearestSystem(const RegisterContent& content, std::string_view name, std::string_view otherwise);
/// Also of those of which only their systems speak.
std::string hintOfNearestDepartment(const RegisterContent& content, std::string_view name, std::string_view otherwise);

/// connector_unknown, system_unknown, department_unknown, with that hint.
Refusal unknownConnector(const RegisterContent& content, const std::string& name,
                         const std::string& rule = "a registered connector");
Refusal unknownSystem(const RegisterContent& content, const std::string& name,
                      const std::string& rule = "a registered system, DEPARTMENT/SYSTEM");
Refusal unknownDepartment(const RegisterContent& content, const std::string& name,
                          const std::string& rule = "a registered department");

}  // namespace caseway
