// connectors/sql/odbc_connection.cpp - statements over ODBC's W functions, so that names and values are UTF-16
// everywhere.
#include "connectors/sql/odbc_connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <climits>
#include <optional>

#include "connectors/sdk/faults.hpp"
#include "connectors/sql/connection_guard.hpp"
#include "connectors/sql/odbc_faults.hpp"
#include "connectors/sql/odbc_handles.hpp"
#include "connectors/sql/sqlite_watch.hpp"
#include "gateway/base/base64.hpp"
#include "gateway/base/check.hpp"
#include "gateway/formats/crypto/digest.hpp"

namespace caseway {
namespace {

bool isGood(SQLRETURN code) {
    return code == SQL_SUCCESS || code == SQL_SUCCESS_WITH_INFO;
}

SQLPOINTER numberPointer(std::uintptr_t number) {
    return reinterpret_cast<SQLPOINTER>(number);
}

SqlKind kindOf(int type) {
    switch (type) {
        case SQL_TINYINT:
        case SQL_SMALLINT:
        case SQL_INTEGER:
        case SQL_BIGINT:
            return SqlKind::Integer;
        case SQL_DECIMAL:
        case SQL_NUMERIC:
        case SQL_REAL:
        case SQL_FLOAT:
        case SQL_DOUBLE:
            return SqlKind::Number;
        case SQL_BIT:
            return SqlKind::Boolean;
        case SQL_BINARY:
        case SQL_VARBINARY:
        case SQL_LONGVARBINARY:
            return SqlKind::Binary;
        case SQL_DATE:
        case SQL_TIME:
        case SQL_TIMESTAMP:
        case SQL_TYPE_DATE:
        case SQL_TYPE_TIME:
        case SQL_TYPE_TIMESTAMP:
            return SqlKind::Time;
        default:
            return SqlKind::Text;
    }
}

/// Of one name or number of the catalogue.
constexpr std::uint64_t kCatalogueBytes = 64 * 1024;

/// What every cell may have, however much of its row's bytes the others took: keys come last at times.
constexpr std::uint64_t kSmallCell = 4096;

std::string bytesOf(const std::vector<SQLWCHAR>& units) {
    return {reinterpret_cast<const char*>(units.data()), units.size() * sizeof(SQLWCHAR)};
}

/// A value that outlives the execution of its statement.
struct BoundValue {
    std::string bytes;
    std::vector<SQLWCHAR> wide;
    SQLLEN size = 0;
};

}  // namespace

struct OdbcConnection::State {
    Way way;
    mutable SqliteWatch watch{};  ///< outlives the link, whose database refers to it
    OdbcEnvironment environment;
    OdbcLink link;
    bool is_connected = false;
    std::string quote = "\"";
    std::function<std::chrono::milliseconds()> time_left{};
    std::function<void()> turn{};

    ~State() {
        watch.rest();
        if (is_connected) SQLDisconnect(link.get());
    }
    void must(SQLRETURN code, const OdbcStatement& statement) const {
        if (isGood(code)) return;
        if (watch.hasEnded()) {
            if (time_left) time_left();  // the call's own end is what is told
            throw transientFault("timed_out", way.where,
                                 fmt::format("the statement went on for more than {} s", way.query_time.count()),
                                 "ask the department whether its view ever ends; an index may help; see "
                                 "`query_seconds`");
        }
        throw faultOfOdbc(SQL_HANDLE_STMT, statement.get(), way.where);
    }
    /// Before the driver steps on: for drivers without a time-out.
    void begins() const { watch.begin(way.query_time, time_left); }
    void must(SQLRETURN code) const {
        if (!isGood(code)) throw faultOfOdbc(SQL_HANDLE_DBC, link.get(), way.where);
    }
    OdbcStatement statement() const {
        if (turn) turn();
        std::chrono::seconds time = way.query_time;
        if (time_left) time = std::min(time, std::chrono::ceil<std::chrono::seconds>(time_left()));
        begins();
        SQLHANDLE handle = SQL_NULL_HANDLE;
        must(SQLAllocHandle(SQL_HANDLE_STMT, link.get(), &handle));
        OdbcStatement statement(handle);
        // Drivers that know no time-out go without.
        SQLSetStmtAttr(handle, SQL_ATTR_QUERY_TIMEOUT, numberPointer(static_cast<std::uintptr_t>(time.count())), 0);
        return statement;
    }
    std::string info(SQLUSMALLINT which) const {
        SQLCHAR text[256] = {};
        SQLSMALLINT size = 0;
        must(SQLGetInfo(link.get(), which, text, sizeof text, &size));
        return reinterpret_cast<const char*>(text);
    }
    OdbcStatement executed(const std::string& sql, const std::vector<SqlParameter>& parameters,
                           std::vector<BoundValue>& values) const;
    /// At most `room` bytes, what its row may still hold.
    SqlCell cell(const OdbcStatement& statement, SQLUSMALLINT number, const SqlColumn& column,
                 std::uint64_t room = kCatalogueBytes) const;
    bool isWide(const SqlColumn& column) const {
        return column.kind == SqlKind::Text && way.texts == SqlTexts::Unicode;
    }
};

OdbcConnection::OdbcConnection(Way way) : state_(std::make_unique<State>()) {
    state_->way = std::move(way);
    SQLHANDLE handle = SQL_NULL_HANDLE;
    CASEWAY_CHECK(isGood(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &handle)));
    state_->environment = OdbcEnvironment(handle);
    CASEWAY_CHECK(isGood(SQLSetEnvAttr(handle, SQL_ATTR_ODBC_VERSION, numberPointer(SQL_OV_ODBC3), 0)));
    SQLHANDLE link = SQL_NULL_HANDLE;
    CASEWAY_CHECK(isGood(SQLAllocHandle(SQL_HANDLE_DBC, handle, &link)));
    state_->link = OdbcLink(link);
    SQLSetConnectAttr(link, SQL_ATTR_LOGIN_TIMEOUT,
                      numberPointer(static_cast<std::uintptr_t>(state_->way.login_time.count())), 0);
    if (state_->way.read_only) SQLSetConnectAttr(link, SQL_ATTR_ACCESS_MODE, numberPointer(SQL_MODE_READ_ONLY), 0);
    std::vector<SQLWCHAR> text = toUtf16(state_->way.text);
    CASEWAY_CHECK(text.size() <= SHRT_MAX);
    SQLSMALLINT size = 0;
    {
        const SqliteWatch::Attaching attaching(state_->watch, state_->way.family);
        state_->must(SQLDriverConnectW(link, nullptr, text.data(), static_cast<SQLSMALLINT>(text.size()), nullptr, 0,
                                       &size, SQL_DRIVER_NOPROMPT));
    }
    state_->is_connected = true;
    state_->quote = state_->info(SQL_IDENTIFIER_QUOTE_CHAR);
    if (state_->quote == " ") state_->quote.clear();
    guardConnection(*this, state_->way.family, state_->way.where);
}

OdbcConnection::~OdbcConnection() = default;

void OdbcConnection::setTimeLeft(std::function<std::chrono::milliseconds()> time_left) {
    state_->watch.rest();  // the former call's budget is gone
    state_->time_left = std::move(time_left);
}

void OdbcConnection::setTurn(std::function<void()> turn) {
    state_->turn = std::move(turn);
}

std::string OdbcConnection::product() const {
    return state_->info(SQL_DBMS_NAME);
}

std::string OdbcConnection::driverVersion() const {
    return state_->info(SQL_DRIVER_VER);
}

std::string OdbcConnection::quoted(const std::string& identifier) const {
    // Between double quotes SQLite takes the name of a column that is gone for a text, and reads on. Its driver knows
    // those quotes alone: what has one of a text in it stays between them.
    const bool is_plain = identifier.find_first_of("'\"") == std::string::npos;
    const std::string quote = state_->way.family == SqlDriver::Sqlite && is_plain ? "`" : state_->quote;
    std::string text = quote;
    for (const char c : identifier) {
        if (!quote.empty() && c == quote[0]) text += c;
        text += c;
    }
    return text + quote;
}

OdbcStatement OdbcConnection::State::executed(const std::string& sql, const std::vector<SqlParameter>& parameters,
                                              std::vector<BoundValue>& values) const {
    OdbcStatement statement = this->statement();
    std::vector<SQLWCHAR> text = toUtf16(sql);
    begins();
    must(SQLPrepareW(statement.get(), text.data(), static_cast<SQLINTEGER>(text.size())), statement);
    values.resize(parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const SqlColumn& column = *parameters[i].column;
        BoundValue& value = values[i];
        const bool wide = isWide(column);
        if (wide) {
            value.wide = toUtf16(parameters[i].bytes);
            value.wide.reserve(1);  // an empty text has an address, or drivers take it for NULL
        } else
            value.bytes = parameters[i].bytes;
        value.size = static_cast<SQLLEN>(wide ? value.wide.size() * sizeof(SQLWCHAR) : value.bytes.size());
        const bool is_text = column.kind == SqlKind::Text || isSumOfMoney(column, value.bytes);
        const SQLSMALLINT sql_type =
            static_cast<SQLSMALLINT>(is_text ? (wide ? SQL_WVARCHAR : SQL_VARCHAR) : column.type);
        const auto units = static_cast<SQLULEN>(wide ? value.wide.size() : value.bytes.size());
        const bool binary = column.kind == SqlKind::Binary;  // as cell() takes it
        const SQLSMALLINT c_type = wide ? SQL_C_WCHAR : binary ? SQL_C_BINARY : SQL_C_CHAR;
        must(SQLBindParameter(
                 statement.get(), static_cast<SQLUSMALLINT>(i + 1), SQL_PARAM_INPUT, c_type, sql_type,
                 std::max<SQLULEN>(is_text || binary ? units : column.size, 1),
                 static_cast<SQLSMALLINT>(column.decimals),
                 wide ? static_cast<SQLPOINTER>(value.wide.data()) : static_cast<SQLPOINTER>(value.bytes.data()),
                 value.size, &value.size),
             statement);
    }
    const SQLRETURN code = SQLExecute(statement.get());
    if (code != SQL_NO_DATA) must(code, statement);  // an UPDATE that found no row
    return statement;
}

SqlCell OdbcConnection::State::cell(const OdbcStatement& statement, SQLUSMALLINT number, const SqlColumn& column,
                                    std::uint64_t room) const {
    const bool wide = isWide(column), binary = column.kind == SqlKind::Binary;
    const std::size_t terminator = wide ? sizeof(SQLWCHAR) : binary ? 0 : 1;
    SQLWCHAR buffer[16 * 1024];
    SqlCell cell;
    std::vector<SQLWCHAR> units;
    std::optional<Sha256Stream> rest;  // of a value that is too large nothing but a digest is kept
    while (true) {
        SQLLEN size = 0;
        const SQLRETURN code = SQLGetData(statement.get(), number,
                                          wide     ? SQL_C_WCHAR
                                          : binary ? SQL_C_BINARY
                                                   : SQL_C_CHAR,
                                          buffer, sizeof buffer, &size);
        if (code == SQL_NO_DATA) break;
        must(code, statement);
        if (size == SQL_NULL_DATA) return cell;
        const std::size_t most = sizeof buffer - terminator;
        const std::size_t got =
            size == SQL_NO_TOTAL || static_cast<std::size_t>(size) > most ? most : static_cast<std::size_t>(size);
        if (rest)
            rest->update(std::string_view(reinterpret_cast<const char*>(buffer), got));
        else if (wide)
            units.insert(units.end(), buffer, buffer + got / sizeof(SQLWCHAR));
        else
            cell.bytes.append(reinterpret_cast<const char*>(buffer), got);
        const std::uint64_t size_so_far = cell.bytes.size() + units.size();
        if (!rest && (size_so_far > way.cell_bytes || size_so_far > room)) {
            cell.unreadable =
                size_so_far > way.cell_bytes
                    ? fmt::format("cell_too_large: column `{}` has more than {} bytes", column.name, way.cell_bytes)
                    : fmt::format("row_too_large: with column `{}` the row has more than {} bytes", column.name,
                                  way.row_bytes);
            rest.emplace();
            rest->update(cell.bytes);
            rest->update(bytesOf(units));
            cell.bytes.clear();
        }
        if (code == SQL_SUCCESS) break;
    }
    cell.is_null = false;
    if (rest) {
        cell.bytes = toBase64Url(rest->finish().bytes);
    } else if (wide && !appendUtf16(units.data(), units.size(), cell.bytes)) {
        cell.unreadable = fmt::format("text_not_readable: column `{}` has a text that is no UTF-16", column.name);
        cell.bytes = bytesOf(units);
    }
    return cell;
}

void OdbcConnection::query(const std::string& sql, const std::vector<SqlParameter>& parameters,
                           const std::vector<SqlColumn>& columns, const std::function<bool(const SqlRow&)>& row) {
    std::vector<BoundValue> values;
    const OdbcStatement statement = state_->executed(sql, parameters, values);
    SqlRow cells(columns.size());
    while (true) {
        state_->begins();
        const SQLRETURN code = SQLFetch(statement.get());
        if (code == SQL_NO_DATA) return;
        state_->must(code, statement);
        std::uint64_t room = state_->way.row_bytes;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            cells[i] =
                state_->cell(statement, static_cast<SQLUSMALLINT>(i + 1), columns[i], std::max(room, kSmallCell));
            room -= std::min<std::uint64_t>(room, cells[i].bytes.size());
        }
        if (!row(cells)) return;
    }
}

std::string OdbcConnection::value(const std::string& sql, const std::vector<SqlParameter>& parameters) {
    std::string found;
    query(sql, parameters, {SqlColumn{"value", SQL_INTEGER, 0, 0, SqlKind::Integer}}, [&](const SqlRow& row) {
        found = row.front().bytes;
        return false;
    });
    return found;
}

std::int64_t OdbcConnection::execute(const std::string& sql, const std::vector<SqlParameter>& parameters) {
    std::vector<BoundValue> values;
    const OdbcStatement statement = state_->executed(sql, parameters, values);
    SQLLEN rows = 0;
    state_->must(SQLRowCount(statement.get(), &rows), statement);
    return rows;
}

void OdbcConnection::begin() {
    state_->must(
        SQLSetConnectAttr(state_->link.get(), SQL_ATTR_AUTOCOMMIT, numberPointer(SQL_AUTOCOMMIT_OFF), SQL_IS_UINTEGER));
}

void OdbcConnection::commit() {
    state_->must(SQLEndTran(SQL_HANDLE_DBC, state_->link.get(), SQL_COMMIT));
    state_->must(
        SQLSetConnectAttr(state_->link.get(), SQL_ATTR_AUTOCOMMIT, numberPointer(SQL_AUTOCOMMIT_ON), SQL_IS_UINTEGER));
}

void OdbcConnection::rollBack() noexcept {
    SQLEndTran(SQL_HANDLE_DBC, state_->link.get(), SQL_ROLLBACK);
    SQLSetConnectAttr(state_->link.get(), SQL_ATTR_AUTOCOMMIT, numberPointer(SQL_AUTOCOMMIT_ON), SQL_IS_UINTEGER);
}

namespace {
const SqlColumn kName{"name", SQL_WVARCHAR, 0, 0, SqlKind::Text};
const SqlColumn kNumber{"number", SQL_INTEGER, 0, 0, SqlKind::Integer};

std::uint64_t numberOf(const SqlCell& cell) {
    return std::strtoull(cell.bytes.c_str(), nullptr, 10);
}
}  // namespace

std::vector<SqlTableName> OdbcConnection::tables(std::size_t most) {
    const OdbcStatement statement = state_->statement();
    std::vector<SQLWCHAR> types = toUtf16("TABLE,VIEW");
    state_->must(SQLTablesW(statement.get(), nullptr, 0, nullptr, 0, nullptr, 0, types.data(),
                            static_cast<SQLSMALLINT>(types.size())),
                 statement);
    std::vector<SqlTableName> tables;
    while (tables.size() < most && isGood(SQLFetch(statement.get())))
        tables.push_back({state_->cell(statement, 2, kName).bytes, state_->cell(statement, 3, kName).bytes});
    return tables;
}

std::vector<SqlColumn> OdbcConnection::columns(const SqlTableName& table) {
    const OdbcStatement statement = state_->statement();
    std::vector<SQLWCHAR> schema = toUtf16(table.schema), name = toUtf16(table.name);
    state_->must(SQLColumnsW(statement.get(), nullptr, 0, schema.empty() ? nullptr : schema.data(),
                             static_cast<SQLSMALLINT>(schema.size()), name.data(),
                             static_cast<SQLSMALLINT>(name.size()), nullptr, 0),
                 statement);
    std::vector<SqlColumn> columns;
    while (isGood(SQLFetch(statement.get()))) {
        const std::string in_schema = state_->cell(statement, 2, kName).bytes;
        const std::string in_table = state_->cell(statement, 3, kName).bytes;
        SqlColumn column{.name = state_->cell(statement, 4, kName).bytes};
        column.type = static_cast<int>(std::strtol(state_->cell(statement, 5, kNumber).bytes.c_str(), nullptr, 10));
        column.size = numberOf(state_->cell(statement, 7, kNumber));
        column.decimals = static_cast<int>(numberOf(state_->cell(statement, 9, kNumber)));
        column.kind = kindOf(column.type);
        // The arguments are patterns: `_` in a name would find other tables.
        const bool same = in_table == table.name && (table.schema.empty() || in_schema == table.schema);
        if (same) columns.push_back(std::move(column));
    }
    return columns;
}

std::vector<std::string> OdbcConnection::drivers() {
    SQLHANDLE handle = SQL_NULL_HANDLE;
    CASEWAY_CHECK(isGood(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &handle)));
    const OdbcEnvironment environment(handle);
    SQLSetEnvAttr(handle, SQL_ATTR_ODBC_VERSION, numberPointer(SQL_OV_ODBC3), 0);
    std::vector<std::string> drivers;
    SQLCHAR name[256] = {}, attributes[1024] = {};
    SQLSMALLINT name_size = 0, attributes_size = 0;
    SQLUSMALLINT direction = SQL_FETCH_FIRST;
    while (isGood(SQLDrivers(handle, direction, name, sizeof name, &name_size, attributes, sizeof attributes,
                             &attributes_size))) {
        drivers.emplace_back(reinterpret_cast<const char*>(name));
        direction = SQL_FETCH_NEXT;
    }
    return drivers;
}

}  // namespace caseway
