// gateway/register/near_connector.hpp - a name that no registered connector has, and the one that may have been meant.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/refusal.hpp"
#include "gateway/domain/register.hpp"

namespace caseway {

/// "did you mean 'housing/permits/nightly'?", or `otherwise` where none is near.
std::string hintOfNearestConnector(const RegisterContent& content, std::string_view name, std::string_view otherwise);

/// connector_unknown, with that hint.
Refusal unknownConnector(const RegisterContent& content, const std::string& name,
                         const std::string& rule = "a registered connector");

}  // namespace caseway
