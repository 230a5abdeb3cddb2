// connectors/http/http_type.hpp - the type of connector `http`: a REST service that is asked for pages, or given items.
#pragma once

#include <memory>

#include "gateway/ports/connector.hpp"

namespace caseway {

std::unique_ptr<ConnectorType> makeHttpType();

}  // namespace caseway
