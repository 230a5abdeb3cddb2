// connectors/sql/odbc_faults.hpp - what ODBC says went wrong, as a ConnectorFault. For sources of this folder only.
#pragma once

#include <string>

#include "connectors/sql/odbc_handles.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

/// By the SQLSTATE of the first diagnostic record; messages are masked, for databases quote values in them.
ConnectorFault faultOfOdbc(SQLSMALLINT handle_type, SQLHANDLE handle, const std::string& where);

}  // namespace caseway
