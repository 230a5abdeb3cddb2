// connectors/sql/test/confinement_test.cpp - a department's file is data: nothing in it gets the driver, which has
// functions for it, to read or write a file of the gateway. A server asks for none either.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "connectors/sdk/test/read_pages.hpp"
#include "connectors/sql/connection_guard.hpp"
#include "connectors/sql/sql_type.hpp"
#include "connectors/sql/test/database.hpp"

using namespace caseway;
using fixture::readPages;
using fixture::SqliteDatabase;
using fixture::TemporaryFolder;

namespace {

const std::string kKey = "the key of the log";

/// `{call}` stands for blob_import of the gateway's key, or blob_export over it.
struct Trap {
    const char* what;
    std::vector<const char*> sql;
    const char* code = "file_reaches_outside";
};
std::ostream& operator<<(std::ostream& out, const Trap& trap) {
    return out << trap.what;
}
const char* const kColumns = "CREATE TABLE case_apply (id integer PRIMARY KEY, name text, sync_flag text)";
const char* const kRow = "INSERT INTO case_apply (id, name, sync_flag) VALUES (1, 'a', '0')";
const Trap kTraps[] = {
    {"view", {"CREATE VIEW case_apply AS SELECT 1 AS id, hex({call}) AS name, '0' AS sync_flag"}},
    {"view over a view",
     {"CREATE VIEW inner_one AS SELECT hex({call}) AS name",
      "CREATE VIEW case_apply AS SELECT 1 AS id, name, '0' AS sync_flag FROM inner_one"}},
    {"trigger",
     {kColumns, kRow, "CREATE TABLE loot (bytes)",
      "CREATE TRIGGER t AFTER UPDATE ON case_apply BEGIN INSERT INTO loot VALUES (hex({call})); END"}},
    {"condition of a trigger",
     {kColumns, kRow,
      "CREATE TRIGGER t BEFORE UPDATE ON case_apply WHEN length({call}) > 0 BEGIN SELECT RAISE(ABORT, 'x'); END"}},
    {"trigger instead of an update",
     {"CREATE TABLE loot (bytes)", "CREATE TABLE t (id integer PRIMARY KEY, name text, sync_flag text)",
      "INSERT INTO t VALUES (1, 'a', '0')", "CREATE VIEW case_apply AS SELECT * FROM t",
      "CREATE TRIGGER t INSTEAD OF UPDATE ON case_apply BEGIN INSERT INTO loot VALUES (hex({call})); END"}},
    {"default of what a trigger adds",
     {kColumns, kRow, "CREATE TABLE loot (id integer, bytes DEFAULT (hex({call})))",
      "CREATE TRIGGER t AFTER UPDATE ON case_apply BEGIN INSERT INTO loot (id) VALUES (1); END"}},
    {"check",
     {"CREATE TABLE case_apply (id integer PRIMARY KEY, name text, sync_flag text CHECK (sync_flag = '0' OR "
      "hex({call}) = ''))",
      kRow},
     "none"},  // it is not evaluated
    {"generated column",
     {"CREATE TABLE t (id integer PRIMARY KEY, sync_flag text, name text GENERATED ALWAYS AS (hex({call})))",
      "INSERT INTO t (id, sync_flag) VALUES (1, '0')", "CREATE VIEW case_apply AS SELECT id, name, sync_flag FROM t"}},
    {"generated column that is stored",
     {"CREATE TABLE case_apply (id integer PRIMARY KEY, sync_flag text, name text GENERATED ALWAYS AS (hex({call})) "
      "STORED)",
      "INSERT INTO case_apply (id, sync_flag) VALUES (1, '0')"}},
    {"index over an expression", {kColumns, kRow, "CREATE INDEX i ON case_apply (sync_flag, hex({call}))"}},
    {"index over a part", {kColumns, kRow, "CREATE INDEX i ON case_apply (sync_flag) WHERE hex({call}) = ''"}},
};
enum class Reach { Reads, Writes };
std::ostream& operator<<(std::ostream& out, Reach reach) {
    return out << (reach == Reach::Reads ? "reads" : "writes");
}
const Reach kReaches[] = {Reach::Reads, Reach::Writes};

void nothing(sqlite3_context* context, int, sqlite3_value**) {
    sqlite3_result_text(context, "", 0, SQLITE_STATIC);
}

std::string bytesOf(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The department builds its trap with harmless functions of the same names.
void build(SqliteDatabase& database, const Trap& trap, const std::string& call) {
    for (const auto& [name, arguments] : {std::pair{"blob_import", 1}, std::pair{"blob_export", 2}})
        sqlite3_create_function(database.link(), name, arguments, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                nullptr, nothing, nullptr, nullptr);
    for (std::string sql : trap.sql) {
        if (const std::size_t at = sql.find("{call}"); at != std::string::npos) sql.replace(at, 6, call);
        database.run(sql);
    }
}

std::string codeOf(const fixture::ReadPass& pass) {
    return pass.fault ? pass.fault->parts().code : "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SqlConfinement)

BOOST_DATA_TEST_CASE(a_file_reaches_no_other_file, boost::unit_test::data::make(kTraps) * kReaches, trap, reach) {
    TemporaryFolder keys;
    std::ofstream(keys / "log.key", std::ios::binary) << kKey;
    SqliteDatabase database;
    const std::string path = "'" + (keys / "log.key") + "'";
    build(database, trap,
          reach == Reach::Reads ? "blob_import(" + path + ")" : "blob_export(X'6576696C', " + path + ")");
    const auto connector = makeSqlType()->open(
        "{" + database.way() + R"(,"table":"case_apply","key":["id"],)" + R"("flag":{"column":"sync_flag"}})", {});
    const auto read = readPages(*connector);
    std::string code = codeOf(read);
    if (!read.fault) {
        BOOST_TEST(read.records == 1);
        try {
            connector->acknowledge(read.next);
        } catch (const ConnectorFault& fault) {
            code = fault.parts().code;
        }
    }
    BOOST_TEST(code == trap.code);
    BOOST_TEST(bytesOf(keys / "log.key") == kKey);
    const auto isLoot = [](const std::string& text) { return text.find("746865206B6579") != std::string::npos; };
    BOOST_TEST(!isLoot(read.bytes));
    BOOST_TEST(!isLoot(bytesOf(database.file())));
}

BOOST_AUTO_TEST_CASE(a_view_with_functions_of_sqlite_itself_is_read) {
    SqliteDatabase database;
    database.run("CREATE TABLE t (id integer PRIMARY KEY, name text, born text)");
    database.run("INSERT INTO t VALUES (1, 'a', '2026-01-01')");
    database.run(
        "CREATE VIEW case_apply AS SELECT id, upper(name) AS name, date(born, '+1 day') AS born, '0' AS sync_flag FROM "
        "t");
    const auto read = readPages(*makeSqlType()->open(
        "{" + database.way() + R"(,"table":"case_apply","key":["id"],"flag":{"column":"sync_flag"}})", {}));
    BOOST_TEST(codeOf(read) == "none");
    BOOST_TEST(read.bytes.find(R"("name":"A","born":"2026-01-02")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(drivers_that_send_files_are_told_not_to) {
    BOOST_TEST(wordsAgainstFiles(SqlDriver::MySql) == "ENABLE_LOCAL_INFILE=0;");
    BOOST_TEST(wordsAgainstFiles(SqlDriver::MariaDb) == "NOLOCALINFILE=1;");
    for (const SqlDriver family : {SqlDriver::Sqlite, SqlDriver::Postgres, SqlDriver::Server})
        BOOST_TEST(wordsAgainstFiles(family) == "");
}

BOOST_AUTO_TEST_CASE(drivers_too_old_to_heed_that_are_not_used) {
    for (const char* version : {"08.00.0014", "08.04.0000", "09.01.0000"})
        BOOST_TEST(heedsWordsAgainstFiles(SqlDriver::MySql, version), version);
    for (const char* version : {"", "05.03.0014", "08.00.0013", "03.01.0016"})
        BOOST_TEST(!heedsWordsAgainstFiles(SqlDriver::MySql, version), version);
    for (const char* version : {"03.01.0016", "03.02.0004"})
        BOOST_TEST(heedsWordsAgainstFiles(SqlDriver::MariaDb, version), version);
    for (const char* version : {"", "03.01.0015", "02.00.0018", "05.03.0014", "08.00.0014"})
        BOOST_TEST(!heedsWordsAgainstFiles(SqlDriver::MariaDb, version), version);
}

BOOST_AUTO_TEST_SUITE_END()
