// connectors/sql/test/destination_test.cpp - no word of the settings leads to another database, file or library than
// the one that was asked for.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "connectors/sdk/test/read_pages.hpp"
#include "connectors/sql/sql_driver.hpp"
#include "connectors/sql/sql_type.hpp"
#include "connectors/sql/test/database.hpp"

using namespace caseway;
using fixture::CaseTable;
using fixture::Database;
using fixture::PostgresDatabase;
using fixture::readPages;
using fixture::SqliteDatabase;
using fixture::TemporaryFolder;

namespace {

const std::string kFlag = R"("flag":{"column":"sync_flag"})";
const std::string kWatermark = R"("watermark":{"column":"changed","overlap":60})";

std::string settingsFor(const Database& database, const std::string& mode) {
    return "{" + database.way() + R"(,"table":"case_apply","key":["id"],)" + mode + "}";
}
std::unique_ptr<Connector> open(const std::string& settings, const ConnectorSurroundings& surroundings = {}) {
    return makeSqlType()->open(settings, surroundings);
}
std::string codeOf(const fixture::ReadPass& pass) {
    return pass.fault ? pass.fault->parts().code : "none";
}

struct Evil {
    const char *settings, *where;
};
std::ostream& operator<<(std::ostream& out, const Evil& evil) {
    return out << evil.settings;
}
const Evil kEvil[] = {
    {R"("driver":"SQLite3","server":"/srv/exchange","database":"/var/lib/caseway/store")", "/server"},
    {R"("driver":"sqlite","server":"127.0.0.1")", "/server"},
    {R"("driver":"SQLite3","file":"/srv/a.db","database":"/var/lib/caseway/store")", "/database"},
    {R"("driver":"PostgreSQL Unicode","file":"/srv/a.db")", "/file"},
    {R"("driver":"Text","server":"127.0.0.1")", "/driver"},
    {R"("driver":"/srv/sqlite3.so","file":"/srv/a.db")", "/driver"},
    {R"("driver":"SQLite3};LoadExt=x","file":"/srv/a.db")", "/driver"},
    {R"("driver":"SQLite3","file":"/srv/a.db","user":"x;LoadExt=/srv/x.so;y")", "/user"},
    {R"("driver":"SQLite3","file":"/srv/a.db","user":"x","password":"x;LoadExt=/srv/x.so;y")", "/password"},
    {R"("driver":"FreeTDS","server":"127.0.0.1","user":"x","password":"x};Servername=y")", "/password"},
    {R"("driver":"PostgreSQL Unicode","server":"127.0.0.1","user":"x","password":"x};DRIVER=/srv/x.so;y")",
     "/password"},
    {R"("driver":"PostgreSQL Unicode","server":"127.0.0.1","database":"a;Debug=1")", "/database"},
    {R"("driver":"PostgreSQL Unicode","server":"127.0.0.1","database":"host=/srv/x")", "/database"},
    {R"("driver":"PostgreSQL Unicode","server":"127.0.0.1","user":"a\u0007b")", "/user"},
    {R"("driver":"PostgreSQL Unicode","server":"127.0.0.1","options":{"SSLmode":"disable;Debug=1"})",
     "/options/SSLmode"},
    {R"("driver":"PostgreSQL Unicode","server":"/srv/exchange/x,127.0.0.1,y")", "/server"},
    {R"("driver":"PostgreSQL Unicode","server":"a.example,b.example")", "/server"},
    {R"("driver":"PostgreSQL Unicode","server":"@abstract")", "/server"},
    {R"("driver":"FreeTDS","server":"/srv/exchange")", "/server"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(SqlDestination)

BOOST_DATA_TEST_CASE(no_setting_leads_elsewhere_than_it_says, kEvil, evil) {
    const auto read = [&] { open(std::string("{") + evil.settings + R"(,"table":"t","key":["id"],)" + kFlag + "}"); };
    BOOST_CHECK_EXCEPTION(read(), ConnectorFault, [&](const ConnectorFault& fault) {
        BOOST_TEST(fault.parts().code == "bad_setting");
        BOOST_TEST(fault.parts().where == evil.where);
        return true;
    });
}

BOOST_AUTO_TEST_CASE(drivers_are_known_by_the_name_of_their_product) {
    for (const char* name : {"SQLite", "SQLITE3", "SQLite3 ODBC Driver"})
        BOOST_TEST((driverOf(name) == SqlDriver::Sqlite), name);
    for (const char* name : {"PostgreSQL ANSI", "postgresql-15", "psqlODBC"})
        BOOST_TEST((driverOf(name) == SqlDriver::Postgres), name);
    BOOST_TEST((driverOf("MySQL ODBC 8.0 Unicode Driver") == SqlDriver::MySql));
    BOOST_TEST((driverOf("MariaDB Unicode") == SqlDriver::MariaDb));
    for (const char* name : {"FreeTDS", "ODBC Driver 18 for SQL Server", "Oracle 19 ODBC driver", "DM8 ODBC DRIVER",
                             "DM", "KingbaseES V8R6"})
        BOOST_TEST((driverOf(name) == SqlDriver::Server), name);
    for (const char* name : {"", "DMX", "Text", "Microsoft Access Driver (*.mdb)", "My SQLite", "ODBC",
                             "GBase ODBC DRIVER", "OceanBase ODBC 2.0 Driver"})
        BOOST_TEST(!driverOf(name), name);
}

BOOST_AUTO_TEST_CASE(a_semicolon_in_a_password_ends_nothing) {
    PostgresDatabase database;
    CaseTable table(database);
    std::string settings = settingsFor(database, kFlag);
    settings.replace(settings.find("center;hush"), 11, "x;DRIVER=/tmp/no_such.so;Server=no.such.example;y");
    BOOST_TEST(codeOf(readPages(*open(settings))) == "access_refused");
}

BOOST_AUTO_TEST_CASE(a_connection_string_never_outgrows_its_count) {
    std::string options;
    for (int i = 0; i < 9; ++i) {  // one option under many names
        std::string name = "charset";
        name[static_cast<std::size_t>(i) % 7] = static_cast<char>(name[static_cast<std::size_t>(i) % 7] - 32);
        if (i >= 7) name[2] = 'A';
        options += (i == 0 ? "\"" : ",\"") + name + R"(":")" + std::string(4000, 'x') + '"';
    }
    const auto read = readPages(*open(
        R"({"driver":"PostgreSQL Unicode","server":"127.0.0.1","database":"d","table":"t","key":["id"],"options":{)" +
        options + "}," + kFlag + "}"));
    BOOST_TEST(codeOf(read) == "bad_setting");
}

BOOST_AUTO_TEST_CASE(the_folder_of_a_socket_is_asked_for_as_it_really_is) {
    PostgresDatabase database;
    CaseTable table(database);
    table.fill(2);
    TemporaryFolder folder;
    std::filesystem::create_directory_symlink(PostgresDatabase::server().socketFolder(), folder / "link");
    std::string settings = settingsFor(database, kFlag);
    settings.replace(settings.find("127.0.0.1"), 9, folder / "link");
    std::vector<std::string> asked;
    ConnectorSurroundings surroundings;
    surroundings.allow_folder = [&](const std::string& one) { asked.push_back(one); };
    BOOST_TEST(readPages(*open(settings, surroundings)).records == 2);
    BOOST_TEST(asked == std::vector<std::string>{PostgresDatabase::server().socketFolder()});
    settings.replace(settings.find(folder / "link"), (folder / "link").size(), folder / "none");
    BOOST_TEST(codeOf(readPages(*open(settings))) == "database_not_found");
}

BOOST_AUTO_TEST_CASE(a_file_of_two_names_is_not_written_under_one_that_hides_the_other) {
    SqliteDatabase database;
    CaseTable table(database);
    table.fill(2);
    TemporaryFolder folder;
    std::filesystem::create_symlink(database.file(), folder / "link.db");
    const auto settingsOf = [](const std::string& file, const std::string& mode) {
        return R"({"driver":"SQLite3","file":")" + file + R"(","table":"case_apply","key":["id"],)" + mode + "}";
    };
    BOOST_TEST(codeOf(readPages(*open(settingsOf(folder / "link.db", kFlag)))) == "bad_setting");
    BOOST_TEST(readPages(*open(settingsOf(folder / "link.db", kWatermark))).records == 2);
    std::filesystem::create_hard_link(database.file(), folder / "second.db");
    BOOST_TEST(codeOf(readPages(*open(settingsOf(folder / "second.db", kWatermark)))) == "bad_setting");
    for (const char* bytes : {"x", "SQLite format 2\n, and what stood behind it"}) {
        std::ofstream(folder / "other.db") << bytes;
        BOOST_TEST(codeOf(readPages(*open(settingsOf(folder / "other.db", kFlag)))) == "database_not_found");
    }
    std::ofstream(folder / "other.db", std::ios::trunc);
    BOOST_TEST(codeOf(readPages(*open(settingsOf(folder / "other.db", kFlag)))) == "table_not_found");
}

BOOST_AUTO_TEST_SUITE_END()
