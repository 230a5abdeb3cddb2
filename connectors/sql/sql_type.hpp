// connectors/sql/sql_type.hpp - the type of connector `sql`: a table over ODBC.
#pragma once

#include <memory>

#include "gateway/ports/connector.hpp"

namespace caseway {

std::unique_ptr<ConnectorType> makeSqlType();

}  // namespace caseway
