// connectors/sql/sql_driver.cpp - the names that drivers are installed under.
#include "connectors/sql/sql_driver.hpp"

#include <string_view>

#include "gateway/formats/text/lower_case.hpp"

namespace caseway {
namespace {

struct Family {
    std::string_view begin;  ///< of the name, letters and digits alone
    SqlDriver driver;
};
// GBase and OceanBase are not here: their drivers are old ones of MySQL and MariaDB, and no word keeps them from
// sending files of this machine to a server that asks.
constexpr Family kFamilies[] = {
    {"sqlite", SqlDriver::Sqlite},
    {"postgresql", SqlDriver::Postgres},
    {"psqlodbc", SqlDriver::Postgres},
    {"mysql", SqlDriver::MySql},
    {"mariadb", SqlDriver::MariaDb},
    {"freetds", SqlDriver::Server},
    {"sqlserver", SqlDriver::Server},
    {"odbcdriver17forsqlserver", SqlDriver::Server},
    {"odbcdriver18forsqlserver", SqlDriver::Server},
    {"oracle", SqlDriver::Server},
    {"dmodbc", SqlDriver::Server},
    {"dm7", SqlDriver::Server},
    {"dm8", SqlDriver::Server},
    {"dameng", SqlDriver::Server},
    {"kingbase", SqlDriver::Server},
    {"gauss", SqlDriver::Server},
    {"opengauss", SqlDriver::Server},
};

}  // namespace

const char* const kKnownDrivers =
    "SQLite, PostgreSQL, MySQL, MariaDB, FreeTDS, SQL Server, Oracle, DM, Kingbase, openGauss";

std::optional<SqlDriver> driverOf(const std::string& name) {
    std::string plain;
    for (const char c : lowerCase(name))
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) plain += c;
    if (plain == "dm") return SqlDriver::Server;
    const std::size_t sqlite = plain.find("sqlite");  // `My SQLite` is no MySQL
    if (sqlite != std::string::npos && sqlite != 0) return std::nullopt;
    for (const Family& family : kFamilies)
        if (plain.starts_with(family.begin)) return family.driver;
    return std::nullopt;
}

}  // namespace caseway
