// connectors/sql/test/case_settings.hpp - settings for the table of a test, in each product and mode.
#pragma once

#include <ostream>

#include "connectors/sdk/test/read_pages.hpp"
#include "connectors/sql/sql_type.hpp"
#include "connectors/sql/test/database.hpp"

namespace caseway::fixture {

inline const std::string kFlag = R"("flag":{"column":"sync_flag"})";
inline const std::string kWatermark = R"("watermark":{"column":"changed","overlap":60})";

enum class Product { Postgres, Sqlite };
inline std::ostream& operator<<(std::ostream& out, Product product) {
    return out << (product == Product::Postgres ? "PostgreSQL" : "SQLite");
}
inline constexpr Product kProducts[] = {Product::Postgres, Product::Sqlite};

inline std::unique_ptr<Database> make(Product product) {
    if (product == Product::Postgres) return std::make_unique<PostgresDatabase>();
    return std::make_unique<SqliteDatabase>();
}
inline std::string settingsFor(const Database& database, const std::string& mode, const std::string& more = "") {
    return "{" + database.way() + R"(,"table":"case_apply","key":["id"],)" + mode + more + "}";
}
inline std::unique_ptr<Connector> open(const std::string& settings, const ConnectorSurroundings& surroundings = {}) {
    return makeSqlType()->open(settings, surroundings);
}
inline std::string codeOf(const ReadPass& pass) {
    return pass.fault ? pass.fault->parts().code : "none";
}
inline std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

}  // namespace caseway::fixture
