// gateway/register/near_connector.hpp - the registered connector that somebody meant who mistyped its name.
#pragma once

#include <string>
#include <string_view>

#include "gateway/domain/register.hpp"

namespace caseway {

/// "did you mean 'housing/permits/nightly'?", or `otherwise` where none is near.
std::string hintOfNearestConnector(const RegisterContent& content, std::string_view name, std::string_view otherwise);

}  // namespace caseway
