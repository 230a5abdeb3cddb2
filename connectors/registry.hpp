// connectors/registry.hpp - the connectors that are compiled in, each by the name of its folder.
#pragma once

#include <memory>
#include <vector>

#include "gateway/ports/connector.hpp"

namespace caseway {

/// In the order of their names; made anew on each call, cheap.
std::vector<std::unique_ptr<ConnectorType>> compiledInConnectors();

}  // namespace caseway
