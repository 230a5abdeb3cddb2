// gateway/adapters/sqlite/waiting_rows.cpp - the module behind the virtual table: it walks the rows in their order.
#include "gateway/adapters/sqlite/waiting_rows.hpp"

#include <new>

namespace caseway {

struct WaitingRows::Table {
    sqlite3_vtab base;  // first: SQLite sees only this
    WaitingRows* rows;
};

struct WaitingRows::Module {
    struct Walk {
        sqlite3_vtab_cursor base;  // first: SQLite sees only this
        std::size_t row;
    };

    static const WaitingRows& rowsOf(sqlite3_vtab_cursor* cursor) {
        return *reinterpret_cast<Table*>(cursor->pVtab)->rows;
    }
    static std::size_t& rowOf(sqlite3_vtab_cursor* cursor) { return reinterpret_cast<Walk*>(cursor)->row; }

    static int connect(sqlite3* database, void* rows, int, const char* const*, sqlite3_vtab** made, char**) {
        auto& waiting = *static_cast<WaitingRows*>(rows);
        if (const int code = sqlite3_declare_vtab(database, waiting.declaration_.c_str()); code != SQLITE_OK)
            return code;
        auto* table = new (std::nothrow) Table{{}, &waiting};
        if (table == nullptr) return SQLITE_NOMEM;
        *made = &table->base;
        return SQLITE_OK;
    }
    static int disconnect(sqlite3_vtab* table) {
        delete reinterpret_cast<Table*>(table);
        return SQLITE_OK;
    }
    static int plan(sqlite3_vtab*, sqlite3_index_info*) { return SQLITE_OK; }
    static int open(sqlite3_vtab*, sqlite3_vtab_cursor** made) {
        auto* walk = new (std::nothrow) Walk{};
        if (walk == nullptr) return SQLITE_NOMEM;
        *made = &walk->base;
        return SQLITE_OK;
    }
    static int close(sqlite3_vtab_cursor* cursor) {
        delete reinterpret_cast<Walk*>(cursor);
        return SQLITE_OK;
    }
    static int begin(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value**) {
        rowOf(cursor) = 0;
        return SQLITE_OK;
    }
    static int next(sqlite3_vtab_cursor* cursor) {
        ++rowOf(cursor);
        return SQLITE_OK;
    }
    static int isBehind(sqlite3_vtab_cursor* cursor) { return rowOf(cursor) >= rowsOf(cursor).rows_ ? 1 : 0; }
    static int column(sqlite3_vtab_cursor* cursor, sqlite3_context* result, int number) {
        const WaitingRows& rows = rowsOf(cursor);
        const std::size_t columns = rows.cells_.size() / rows.rows_;
        const Cell& cell = rows.cells_[rowOf(cursor) * columns + static_cast<std::size_t>(number)];
        const char* bytes = rows.bytes_.data() + (cell.kind == Kind::Integer ? 0 : cell.number);
        switch (cell.kind) {
            case Kind::Null:
                break;
            case Kind::Integer:
                sqlite3_result_int64(result, cell.number);
                break;
            case Kind::Text:
                sqlite3_result_text64(result, bytes, cell.size, SQLITE_STATIC, SQLITE_UTF8);
                break;
            case Kind::Blob:
                sqlite3_result_blob64(result, bytes, cell.size, SQLITE_STATIC);
                break;
        }
        return SQLITE_OK;
    }
    static int rowId(sqlite3_vtab_cursor* cursor, sqlite3_int64* id) {
        *id = static_cast<sqlite3_int64>(rowOf(cursor));
        return SQLITE_OK;
    }
};

WaitingRows::WaitingRows(sqlite3* database, const char* name, std::string_view columns)
    : declaration_("CREATE TABLE waiting(" + std::string(columns) + ")") {
    // Without xCreate the table is there under the module's name, and nobody can make another.
    static const sqlite3_module kModule = [] {
        sqlite3_module module{};
        module.xConnect = Module::connect;
        module.xDisconnect = Module::disconnect;
        module.xBestIndex = Module::plan;
        module.xOpen = Module::open;
        module.xClose = Module::close;
        module.xFilter = Module::begin;
        module.xNext = Module::next;
        module.xEof = Module::isBehind;
        module.xColumn = Module::column;
        module.xRowid = Module::rowId;
        return module;
    }();
    const int code = sqlite3_create_module_v2(database, name, &kModule, this, nullptr);
    if (code != SQLITE_OK) throw sqliteFault(database, code, "rows that wait");
}

void WaitingRows::clear() {
    rows_ = 0;
    cells_.clear();
    bytes_.clear();
}

}  // namespace caseway
