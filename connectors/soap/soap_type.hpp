// connectors/soap/soap_type.hpp - the type of connector `soap`: an operation of a SOAP 1.1 or 1.2 service, asked for
// pages.
#pragma once

#include <memory>

#include "gateway/ports/connector.hpp"

namespace caseway {

std::unique_ptr<ConnectorType> makeSoapType();

}  // namespace caseway
