// gateway/adapters/sqlite/statement.cpp - preparing, and failing with SQLite's own words.
#include "gateway/adapters/sqlite/statement.hpp"

#include <fmt/format.h>

namespace caseway {
namespace {

/// The first words of a statement name the operation; bound values never appear in a fault.
std::string operationOf(const char* sql) {
    const std::string_view text(sql != nullptr ? sql : "");
    return std::string(text.substr(0, text.find('(', 0)).substr(0, 60));
}

}  // namespace

void Cursor::fail(int code) const {
    throw sqliteFault(sqlite3_db_handle(statement_), code, operationOf(sqlite3_sql(statement_)));
}

SqliteStatement::SqliteStatement(sqlite3* database, std::string_view sql) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &raw, nullptr);
    handle_.reset(raw);
    if (code != SQLITE_OK) throw sqliteFault(database, code, fmt::format("prepare {}", sql.substr(0, 60)));
}

void SqliteStatement::check(int code) {
    if (code != SQLITE_OK) throw sqliteFault(sqlite3_db_handle(handle_.get()), code, "bind");
}

}  // namespace caseway
