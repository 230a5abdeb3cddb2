// gateway/adapters/sqlite/statement.hpp - one prepared statement that is kept: bind, step, read columns, reset.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/adapters/sqlite/sqlite_handles.hpp"
#include "gateway/base/bytes.hpp"

namespace caseway {

/// A statement under way. Resets the statement when it goes; views of columns live until the next step().
class Cursor {
public:
    explicit Cursor(sqlite3_stmt* statement) : statement_(statement) {}
    ~Cursor() { sqlite3_reset(statement_); }
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    /// True while there is a row. Throws Fault{StoreUnavailable, StoreCorrupt}.
    bool step() {
        const int code = sqlite3_step(statement_);
        if (code == SQLITE_ROW) return true;
        if (code != SQLITE_DONE) fail(code);
        return false;
    }
    bool isNull(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
    std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
    std::uint64_t number(int column) const { return static_cast<std::uint64_t>(integer(column)); }
    /// Text and blobs alike; empty for NULL.
    std::string_view bytes(int column) const {
        const void* data = sqlite3_column_blob(statement_, column);
        return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
    }
    std::string text(int column) const { return std::string(bytes(column)); }

private:
    [[noreturn]] void fail(int code) const;
    sqlite3_stmt* statement_;
};

/// Values bound by reference: they must live until the cursor is gone.
class SqliteStatement {
public:
    SqliteStatement() = default;
    /// Throws Fault{StoreUnavailable, StoreCorrupt}.
    SqliteStatement(sqlite3* database, std::string_view sql);

    /// Binds the values to ?1, ?2, … and hands out the cursor. Not reentrant: one cursor of a statement at a time.
    template <class... Values>
    Cursor query(const Values&... values) {
        int index = 0;
        (bindOne(++index, values), ...);
        return Cursor(handle_.get());
    }
    /// Binds and runs a statement that gives no rows.
    template <class... Values>
    void run(const Values&... values) {
        query(values...).step();
    }

private:
    void check(int code);
    void bindOne(int index, std::int64_t value) { check(sqlite3_bind_int64(handle_.get(), index, value)); }
    void bindOne(int index, std::uint64_t value) { bindOne(index, static_cast<std::int64_t>(value)); }
    void bindOne(int index, int value) { bindOne(index, static_cast<std::int64_t>(value)); }
    void bindOne(int index, bool value) { bindOne(index, static_cast<std::int64_t>(value)); }
    void bindOne(int index, std::nullopt_t) { check(sqlite3_bind_null(handle_.get(), index)); }
    void bindOne(int index, std::string_view text) {
        check(sqlite3_bind_text64(handle_.get(), index, text.data() != nullptr ? text.data() : "", text.size(),
                                  SQLITE_STATIC, SQLITE_UTF8));
    }
    void bindOne(int index, const std::string& text) { bindOne(index, std::string_view(text)); }
    void bindOne(int index, ByteView blob) {
        check(sqlite3_bind_blob64(handle_.get(), index, blob.data() != nullptr ? blob.data() : kNoBytes, blob.size(),
                                  SQLITE_STATIC));
    }
    template <class Value>
    void bindOne(int index, const std::optional<Value>& value) {
        if (value) {
            bindOne(index, *value);
        } else {
            bindOne(index, std::nullopt);
        }
    }

    static constexpr std::uint8_t kNoBytes[1] = {0};
    StatementHandle handle_;
};

}  // namespace caseway
