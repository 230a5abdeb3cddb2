// connectors/sql/connection_guard.hpp - what a connection must have put away before it says anything of ours: a file or
// a server of the department must not get the driver to read or write files of this machine.
#pragma once

#include <string>

#include "connectors/sql/sql_driver.hpp"

namespace caseway {

class OdbcConnection;

/// Words of the connection string that forbid a driver of this family to send files to the server; empty where it
/// cannot. A server may ask for any file in answer to any statement (LOAD DATA LOCAL INFILE).
std::string wordsAgainstFiles(SqlDriver family);

/// Whether a driver of this family and version, `08.00.0014` as ODBC writes it, heeds those words.
bool heedsWordsAgainstFiles(SqlDriver family, const std::string& version);

/// The first that is said on a connection. SQLite: functions and virtual tables that reach outside (the driver
/// registers blob_import and blob_export) are taken from views, triggers, indexes, checks and defaults of the file.
/// MySQL and MariaDB: the driver is one that heeds wordsAgainstFiles(). Throws ConnectorFault{Config}:
/// file_not_confined, driver_too_old.
void guardConnection(OdbcConnection& connection, SqlDriver family, const std::string& where);

}  // namespace caseway
