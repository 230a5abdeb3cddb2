// gateway/adapters/sqlite/storage_classes.cpp - see the header; one pass over each table.
#include "gateway/adapters/sqlite/storage_classes.hpp"

#include <fmt/format.h>

#include "gateway/adapters/sqlite/statement.hpp"

namespace caseway {
namespace {

constexpr int kMostOfTable = 20;

/// The statement over one table: its condition, and what names the first column of a row that is wrong.
struct TableCheck {
    std::string key;
    std::string wrong_column;
    std::string condition;
};

bool isFlag(std::string_view column) {
    return column == "deleted" || column == "by_window" || column == "ended";
}

void addColumn(const Cursor& column, TableCheck& check) {
    const std::string name = column.text(0);
    const std::string type = column.text(1);  // INTEGER, TEXT, BLOB: typeof() in capitals
    const bool may_be_null = column.integer(2) == 0 && column.integer(3) == 0;
    // Zero and the empty value would be a second way to say NULL that look-ups tell from it and readers do not. The
    // text "0" is neither, though SQLite calls it equal to the number 0 in a column of texts.
    const std::string says_something =
        type == "INTEGER" ? fmt::format("{} <> 0", name) : fmt::format("length(CAST({} AS BLOB)) > 0", name);
    std::string is_of_type = fmt::format("typeof({}) = lower('{}')", name, type);
    // Another number would mean yes to who reads the row, and no to an index over those that are 0.
    if (isFlag(name)) is_of_type = fmt::format("({} AND {} IN (0, 1))", is_of_type, name);
    const std::string good =
        may_be_null ? fmt::format("({} IS NULL OR ({} AND {}))", name, is_of_type, says_something) : is_of_type;
    check.condition += fmt::format("{}NOT {}", check.condition.empty() ? "" : " OR ", good);
    check.wrong_column += fmt::format(" WHEN NOT {} THEN '{}, which is of type ' || typeof({})", good, name, name);
    if (column.integer(3) == 0) return;
    // A key that is no number is named by its bytes: what is wrong with it may be that it is no text.
    check.key = type == "INTEGER" ? name : fmt::format("hex({})", name);
}

TableCheck checkOf(SqliteConnection& connection, const std::string& table) {
    SqliteStatement columns(connection.raw(), "SELECT name, type, \"notnull\", pk FROM pragma_table_info(?1)");
    TableCheck check;
    Cursor column = columns.query(table);
    while (column.step()) addColumn(column, check);
    return check;
}

}  // namespace

std::vector<std::string> wrongStorageClasses(SqliteConnection& connection) {
    SqliteStatement tables(connection.raw(),
                           "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    std::vector<std::string> found;
    Cursor table = tables.query();
    while (table.step()) {
        const std::string name = table.text(0);
        const TableCheck check = checkOf(connection, name);
        SqliteStatement rows(connection.raw(),
                             fmt::format("SELECT {}, CASE {} END FROM {} WHERE {} LIMIT {}", check.key,
                                         check.wrong_column, name, check.condition, kMostOfTable));
        Cursor row = rows.query();
        while (row.step())
            found.push_back(fmt::format("{} {}: another kind of value than this program stores in {}", name,
                                        row.text(0), row.text(1)));
    }
    return found;
}

}  // namespace caseway
