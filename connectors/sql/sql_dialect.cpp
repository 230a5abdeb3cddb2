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

constexpr Row kProducts[] = {
    {"postgresql", {Limit::Limit, kForUpdate, ""}},
    {"kingbase", {Limit::Limit, kForUpdate, ""}},
    {"opengauss", {Limit::Limit, kForUpdate, ""}},
    {"gaussdb", {Limit::Limit, kForUpdate, ""}},
    {"highgo", {Limit::Limit, kForUpdate, ""}},
    {"mysql", {Limit::Limit, kForUpdate, ""}},
    {"mariadb", {Limit::Limit, kForUpdate, ""}},
    {"dm", {Limit::Limit, kForUpdate, ""}},
    {"sqlite", {Limit::Limit, "", ""}},  // one writer at a time: an outdated reader cannot become one
    {"oracle", {Limit::Fetch, kForUpdate, ""}},
    {"db2", {Limit::Fetch, " FOR UPDATE", ""}},
    {"microsoft", {Limit::Top, "", " WITH (UPDLOCK, HOLDLOCK)"}},
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
