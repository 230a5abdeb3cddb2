// connectors/sql/odbc_connection.hpp - one connection over ODBC: statements with parameters, rows, the catalogue. ODBC
// itself stays behind.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "connectors/sql/driver_line.hpp"
#include "connectors/sql/sql_driver.hpp"
#include "connectors/sql/sql_values.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

/// How texts are read and written: as UTF-16 by the driver, or as the bytes that stand in the database.
enum class SqlTexts { Unicode, Raw };

class OdbcConnection {
public:
    struct Way {
        std::string text;         ///< the connection string, at most SHRT_MAX units; bears the password
        std::string where;        ///< host or file, for faults
        DriverLine::Peer peer{};  ///< whom the driver will dial; none: a file
        std::chrono::seconds login_time{10};
        std::chrono::seconds query_time{30};
        SqlDriver family = SqlDriver::Server;  ///< what must be put away first: connection_guard.hpp
        SqlTexts texts = SqlTexts::Unicode;
        std::uint64_t cell_bytes = 4u << 20;
        std::uint64_t row_bytes = 64u << 20;  ///< over all cells of a row
        std::string exposed{};   ///< what somebody on the line could do, as far as the words tell; empty: nothing
        bool read_only = false;  ///< asked of the driver; a right that is not granted is the safer way
    };
    /// Connects. Throws ConnectorFault, as every call does: odbc_faults.hpp has the codes.
    explicit OdbcConnection(Way way);
    ~OdbcConnection();

    /// Asked before each statement: how long the call may still go on; throws where it must end. Empty: not bounded.
    void setTimeLeft(std::function<std::chrono::milliseconds()> time_left);
    /// Called before each statement from now on: it may wait for its turn, and throws where the call must end.
    void setTurn(std::function<void()> turn);
    /// `PostgreSQL`, `SQLite`, …
    std::string product() const;
    /// `08.00.0014`, as ODBC writes it.
    std::string driverVersion() const;
    /// Quoted as this database wants it.
    std::string quoted(const std::string& identifier) const;

    /// Calls `row` for each row until it says false. Values never stand in `sql`.
    void query(const std::string& sql, const std::vector<SqlParameter>& parameters,
               const std::vector<SqlColumn>& columns, const std::function<bool(const SqlRow&)>& row);
    /// The first cell of the first row; empty where there is none.
    std::string value(const std::string& sql, const std::vector<SqlParameter>& parameters = {});
    /// Rows that were touched.
    std::int64_t execute(const std::string& sql, const std::vector<SqlParameter>& parameters = {});
    void begin();
    void commit();
    void rollBack() noexcept;

    /// Tables and views, at most `most`; system ones are left out where the driver tells them apart.
    std::vector<SqlTableName> tables(std::size_t most);
    /// In the order of the table; empty where there is no such table. Names as the catalogue has them.
    std::vector<SqlColumn> columns(const SqlTableName& table);

    /// Drivers that are installed on this machine.
    static std::vector<std::string> drivers();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace caseway
