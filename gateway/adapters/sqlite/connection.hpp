// gateway/adapters/sqlite/connection.hpp - one connection to the database file with our pragmas. One thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/adapters/sqlite/sqlite_handles.hpp"

namespace caseway {

/// Chosen by measurement (tests/bench/store); the figures: docs/decisions/0005-sqlite-raw-api.md.
struct ConnectionSettings {
    enum class Use { Write, Read, Copy };
    Use use = Use::Read;
    int busy_timeout_ms = 1000;
    int cache_kib = 2048;
    std::int64_t mmap_bytes = 0;
    int page_bytes = 4096;       ///< of a fresh database
    std::int64_t max_pages = 0;  ///< 0: no limit
};

class SqliteConnection {
public:
    /// Opens an existing file. Throws Fault{StoreUnavailable, StoreCorrupt}.
    SqliteConnection(const std::string& file, const ConnectionSettings& settings);

    sqlite3* raw() const { return handle_.get(); }
    const std::string& file() const { return file_; }
    /// Runs one or several statements. Throws Fault{StoreUnavailable, StoreCorrupt}.
    void run(std::string_view sql);
    /// The first column of the first row, 0 where there is none.
    std::int64_t number(std::string_view sql);
    std::string text(std::string_view sql);
    bool inTransaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

private:
    std::string file_;
    DatabaseHandle handle_;
};

/// BEGIN IMMEDIATE … COMMIT; rolls back where it goes uncommitted.
class Transaction {
public:
    explicit Transaction(SqliteConnection& connection) : connection_(connection) { connection_.run("BEGIN IMMEDIATE"); }
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit() { connection_.run("COMMIT"); }

private:
    SqliteConnection& connection_;
};

/// BEGIN … ROLLBACK around several reads, so that they see one snapshot; nothing where a transaction is open already.
class ReadTransaction {
public:
    explicit ReadTransaction(SqliteConnection& connection)
        : connection_(connection), owns_(!connection.inTransaction()) {
        if (owns_) connection_.run("BEGIN");
    }
    ~ReadTransaction() {
        if (owns_) sqlite3_exec(connection_.raw(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
    ReadTransaction(const ReadTransaction&) = delete;
    ReadTransaction& operator=(const ReadTransaction&) = delete;

private:
    SqliteConnection& connection_;
    bool owns_;
};

}  // namespace caseway
