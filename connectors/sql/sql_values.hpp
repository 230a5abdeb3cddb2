// connectors/sql/sql_values.hpp - columns, cells and parameters as plain values; ODBC's numbers stay numbers here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace caseway {

/// How a column's values become JSON.
enum class SqlKind { Integer, Number, Boolean, Text, Time, Binary };

struct SqlColumn {
    std::string name;
    int type = 0;  ///< ODBC's number of the SQL type
    std::uint64_t size = 0;
    int decimals = 0;
    SqlKind kind = SqlKind::Text;
};

/// `bytes`: as the driver gave them; of text columns UTF-8, unless they are read raw. Where `unreadable` says why there
/// is no such value, they are something that differs where the value does.
struct SqlCell {
    bool is_null = true;
    std::string bytes{};
    std::string unreadable{};
    bool operator==(const SqlCell&) const = default;
};
using SqlRow = std::vector<SqlCell>;

/// A value on its way into a statement, as that column would hold it.
struct SqlParameter {
    const SqlColumn* column;
    std::string bytes;
};

/// "$1,234.50": drivers call `money` of PostgreSQL a number, and give it in this form alone.
inline bool isSumOfMoney(const SqlColumn& column, const std::string& value) {
    return column.kind == SqlKind::Number && value.find_first_of("0123456789") != std::string::npos &&
           value.find_first_not_of("0123456789+-.eE") != std::string::npos;
}

struct SqlTableName {
    std::string schema, name;
    std::string text() const { return schema.empty() ? name : schema + "." + name; }
    bool operator==(const SqlTableName&) const = default;
};

}  // namespace caseway
