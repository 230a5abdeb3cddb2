// connectors/sql/sql_settings.hpp - the settings of `sql`, and the way to the database made of them: asked for, and
// without a word in it that could load a library or write a file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/sdk/settings_tree.hpp"
#include "connectors/sql/odbc_connection.hpp"
#include "connectors/sql/sql_driver.hpp"

namespace caseway {

struct SqlFlag {
    std::string column, unread, done;
    bool null_is_unread = false;
};
struct SqlWatermark {
    std::string column;
    std::int64_t overlap = 0;  ///< seconds of times, units of numbers
};

struct SqlSettings {
    static const std::string kSchema;
    /// libpq splits a list of hosts, drivers end a value: neither a host nor the folder of a socket has one of these.
    static constexpr const char* kNeverInHosts = " ,;{}=";
    /// Throws ConnectorFault{Config, bad_setting}.
    static SqlSettings read(const SettingsTree& settings);
    /// Asks for the destination: each address of the server, or the folder of the file. Throws what they throw,
    /// driver_missing, host_not_found, database_not_found.
    OdbcConnection::Way way(const ConnectorSurroundings& surroundings) const;
    std::string where() const { return file.empty() ? server : file; }

    SqlDriver family = SqlDriver::Server;  ///< of `driver`
    std::string driver, server, database, user, password, file;
    std::uint16_t port = 0;
    std::vector<std::pair<std::string, std::string>> options;
    SqlTableName table;
    std::vector<std::string> key, columns;
    std::optional<SqlFlag> flag;
    std::optional<SqlWatermark> watermark;
    bool count = true, nulls_absent = false;
    std::string text_encoding;  ///< empty: the driver's Unicode
    std::chrono::seconds login_time{10}, query_time{30};
    std::uint64_t cell_bytes = 0;
    std::string authorities_file;                           ///< of PostgreSQL; empty: as libpq finds them
    double statements_per_second = 0, rows_per_second = 0;  ///< 0: as fast as it goes
};

}  // namespace caseway
