// gateway/register/connector_view.hpp - connectors as JSON for people's programs. Forms:
// docs/formats/admin-openapi.json.
#pragma once

#include <functional>
#include <string>

#include "gateway/domain/register.hpp"
#include "gateway/register/connector_standing.hpp"

namespace caseway {

/// What of a draft may be shown: a hand may have written a secret into it.
using ShownDocument = std::function<std::string(const std::string& yaml)>;

/// Name, type, mapping, state, what waits, the live version and all versions; `shown`: with the documents too;
/// `in_clear`: settings of the live version in which a secret stands in clear; its document is not shown then.
std::string connectorJson(const RegisteredConnector& connector, const ConnectorWorld& world,
                          const ShownDocument& shown = {}, const std::vector<std::string>& in_clear = {});
std::string connectorsJson(const RegisterContent& content, const ConnectorWorld& world);

/// The connector "housing/permits/nightly"; nullptr where there is none.
const RegisteredConnector* connectorNamed(const RegisterContent& content, std::string_view name);

}  // namespace caseway
