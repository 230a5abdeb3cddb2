// connectors/sql/sql_dialect.cpp - one table of products.
#include "connectors/sql/sql_dialect.hpp"

#include <fmt/format.h>

#include "gateway/formats/text/lower_case.hpp"

namespace caseway {
namespace {

struct Row {
    const char* part;  ///< of the product's name, lower case
    SqlDialect dialect;
};
using Limit = SqlDialect::Limit;
constexpr const char* kForUpdate = " FOR UPDATE";
constexpr const char* kLocal = "SELECT TO_CHAR(LOCALTIMESTAMP, 'YYYY-MM-DD HH24:MI:SS')";
constexpr const char* kMySqlLocal = "SELECT DATE_FORMAT(NOW(), '%Y-%m-%d %H:%i:%s')";
constexpr const char* kOracleLocal = "SELECT TO_CHAR(SYSDATE, 'YYYY-MM-DD HH24:MI:SS') FROM DUAL";
constexpr const char* kDb2Local =
    "SELECT VARCHAR_FORMAT(CURRENT TIMESTAMP, 'YYYY-MM-DD HH24:MI:SS') FROM SYSIBM.SYSDUMMY1";
constexpr const char* kMicrosoftLocal = "SELECT CONVERT(varchar(19), GETDATE(), 120)";
constexpr const char* kSqliteLocal = "SELECT datetime('now', 'localtime')";

constexpr Row kProducts[] = {
    {"postgresql", {Limit::Limit, kForUpdate, "", kLocal}},
    {"kingbase", {Limit::Limit, kForUpdate, "", kLocal}},
    {"opengauss", {Limit::Limit, kForUpdate, "", kLocal}},
    {"gaussdb", {Limit::Limit, kForUpdate, "", kLocal}},
    {"highgo", {Limit::Limit, kForUpdate, "", kLocal}},
    {"mysql", {Limit::Limit, kForUpdate, "", kMySqlLocal}},
    {"mariadb", {Limit::Limit, kForUpdate, "", kMySqlLocal}},
    {"dm", {Limit::Limit, kForUpdate, "", kOracleLocal}},
    {"sqlite", {Limit::Limit, "", "", kSqliteLocal}},  // one writer at a time: an outdated reader cannot become one
    {"oracle", {Limit::Fetch, kForUpdate, "", kOracleLocal}},
    {"db2", {Limit::Fetch, kForUpdate, "", kDb2Local}},
    {"microsoft", {Limit::Top, "", " WITH (UPDLOCK, HOLDLOCK)", kMicrosoftLocal}},
};

}  // namespace

SqlDialect SqlDialect::of(const std::string& product) {
    const std::string name = lowerCase(product);
    for (const Row& row : kProducts)
        if (name.starts_with(row.part)) return row.dialect;
    return {};
}

std::string SqlDialect::selectSome(const std::string& rest, std::uint64_t rows) const {
    switch (limit) {
        case Limit::Limit:
            return fmt::format("SELECT {} LIMIT {}", rest, rows);
        case Limit::Top:
            return fmt::format("SELECT TOP {} {}", rows, rest);
        default:
            return fmt::format("SELECT {} FETCH FIRST {} ROWS ONLY", rest, rows);
    }
}

}  // namespace caseway
