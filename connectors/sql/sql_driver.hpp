// connectors/sql/sql_driver.hpp - which family an ODBC driver is of, by its name. Only what is known is used: a driver
// of another kind may take a word for a file, a library or a second host.
#pragma once

#include <optional>
#include <string>

namespace caseway {

enum class SqlDriver {
    Sqlite,    ///< opens a file: `file`, never `server`
    Postgres,  ///< takes a host, the folder of a socket, and values in braces
    MySql,     ///< as Server; the server may ask it for files of ours
    MariaDb,   ///< likewise, with words of its own
    Server     ///< takes a host, and nothing that ends a value
};

/// By the name as `odbcinst -q -d` gives it, whatever its case and its spaces; nothing where the family is not known.
std::optional<SqlDriver> driverOf(const std::string& name);
/// Those that driverOf() knows, for people.
extern const char* const kKnownDrivers;

}  // namespace caseway
