// connectors/sql/connection_guard.cpp - SQLite's trusted_schema, since 3.31; ENABLE_LOCAL_INFILE of Connector/ODBC
// since 8.0.14, NOLOCALINFILE of MariaDB's since 3.1.16. Drivers leave out words that they do not know.
#include "connectors/sql/connection_guard.hpp"

#include <fmt/format.h>

#include "connectors/sdk/faults.hpp"
#include "connectors/sql/odbc_connection.hpp"

namespace caseway {

std::string wordsAgainstFiles(SqlDriver family) {
    if (family == SqlDriver::MySql) return "ENABLE_LOCAL_INFILE=0;";
    if (family == SqlDriver::MariaDb) return "NOLOCALINFILE=1;";
    return {};
}

bool heedsWordsAgainstFiles(SqlDriver family, const std::string& version) {
    // Above the last: a driver of MySQL that was installed under MariaDB's name.
    if (family == SqlDriver::MySql) return version >= "08.00.0014";
    if (family == SqlDriver::MariaDb) return version >= "03.01.0016" && version < "05";
    return true;
}

namespace {

/// The driver reads the schema before it registers its functions, and what SQLite does not know then it does not judge:
/// so the schema is read again. A CHECK may call what is not deterministic, trusted or not: so none is evaluated.
void confineFile(OdbcConnection& connection, const std::string& where) {
    for (const char* first :
         {"PRAGMA trusted_schema=OFF", "PRAGMA ignore_check_constraints=ON", "PRAGMA writable_schema=RESET"})
        connection.execute(first);
    const std::string trusted = connection.value("PRAGMA trusted_schema");
    const std::string unchecked = connection.value("PRAGMA ignore_check_constraints");
    if (trusted != "0" || unchecked != "1")
        throw configFault("file_not_confined", where,
                          fmt::format("the file may call any function of the driver: trusted_schema is `{}`, "
                                      "ignore_check_constraints `{}`",
                                      trusted, unchecked),
                          "install SQLite 3.31 or newer and its driver: SQLite3");
    connection.value("SELECT COUNT(*) FROM sqlite_master");
}

}  // namespace

void guardConnection(OdbcConnection& connection, SqlDriver family, const std::string& where) {
    if (family == SqlDriver::Sqlite) confineFile(connection, where);
    if (family != SqlDriver::MySql && family != SqlDriver::MariaDb) return;
    const std::string version = connection.driverVersion();
    if (!heedsWordsAgainstFiles(family, version))
        throw configFault(
            "driver_too_old", where, fmt::format("driver {} may send files of this machine to the server", version),
            "install MySQL's driver from 8.0.14 on, or MariaDB's from 3.1.16 on, each under its own name");
}

}  // namespace caseway
