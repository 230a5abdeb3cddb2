// connectors/thrift/thrift_type.hpp - the type of connector `thrift`: a department's own server of connector.thrift.
#pragma once

#include <memory>

#include "gateway/ports/connector.hpp"

namespace caseway {

std::unique_ptr<ConnectorType> makeThriftType();

}  // namespace caseway
