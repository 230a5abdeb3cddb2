// gateway/adapters/sqlite/connection.cpp - opening with the pragmas that durability and speed rest on.
#include "gateway/adapters/sqlite/connection.hpp"

#include <fmt/format.h>

#include <mutex>

#include "gateway/adapters/sqlite/file_layer.hpp"
#include "gateway/adapters/sqlite/page_cache.hpp"
#include "gateway/adapters/sqlite/statement.hpp"

namespace caseway {
namespace {

/// SQLite's memory statistics take a process-wide lock on every allocation; nobody reads them.
void prepareLibrary() {
    static std::once_flag once;
    std::call_once(once, [] {
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        installPageCache();
    });
}

}  // namespace

SqliteConnection::SqliteConnection(const std::string& file, const ConnectionSettings& settings) : file_(file) {
    prepareLibrary();
    sqlite3* raw = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW;
    const int code = sqlite3_open_v2(file.c_str(), &raw, flags, fileLayer());
    handle_.reset(raw);
    if (code != SQLITE_OK) throw sqliteFault(raw, code, fmt::format("open {}", file));
    sqlite3_busy_timeout(raw, settings.busy_timeout_ms);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    if (settings.use == ConnectionSettings::Use::Copy) return;
    const bool writes = settings.use == ConnectionSettings::Use::Write;
    if (writes) run(fmt::format("PRAGMA page_size = {}; PRAGMA journal_mode = WAL;", settings.page_bytes));
    run(
        fmt::format("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY;"
                    "PRAGMA cache_size = -{}; PRAGMA mmap_size = {}; PRAGMA query_only = {};",
                    settings.cache_kib, settings.mmap_bytes, writes ? 0 : 1));
    if (settings.max_pages != 0) run(fmt::format("PRAGMA max_page_count = {}", settings.max_pages));
}

void SqliteConnection::run(std::string_view sql) {
    const std::string text(sql);
    const int code = sqlite3_exec(handle_.get(), text.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) throw sqliteFault(handle_.get(), code, text.substr(0, 60));
}

std::int64_t SqliteConnection::number(std::string_view sql) {
    SqliteStatement statement(handle_.get(), sql);
    Cursor cursor = statement.query();
    return cursor.step() ? cursor.integer(0) : 0;
}

std::string SqliteConnection::text(std::string_view sql) {
    SqliteStatement statement(handle_.get(), sql);
    Cursor cursor = statement.query();
    return cursor.step() ? cursor.text(0) : std::string();
}

Transaction::~Transaction() {
    if (connection_.inTransaction()) sqlite3_exec(connection_.raw(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace caseway
