// connectors/sql/test/unreadable_row_test.cpp - a row that cannot be read whole is given as one that is refused.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "connectors/sql/test/case_settings.hpp"

using namespace caseway;
using namespace caseway::fixture;

BOOST_AUTO_TEST_SUITE(SqlUnreadableRows)

BOOST_AUTO_TEST_CASE(a_row_is_bounded_as_a_whole) {
    SqliteDatabase database;
    database.run("CREATE TABLE wide (a text, b text, c text)");
    database.run("INSERT INTO wide SELECT t, t, t FROM (SELECT hex(zeroblob(20000)) AS t)");
    OdbcConnection connection(
        {.text = "DRIVER={SQLite3};Database=" + database.file(), .where = "test", .row_bytes = 100'000});
    const std::vector<SqlColumn> columns = connection.columns({"", "wide"});
    BOOST_REQUIRE(columns.size() == 3);
    std::size_t rows = 0;
    connection.query("SELECT a, b, c FROM wide", {}, columns, [&](const SqlRow& row) {
        BOOST_TEST(row[1].unreadable == "");
        BOOST_TEST(row[1].bytes.size() == 40'000);
        BOOST_TEST(row[2].unreadable == "row_too_large: with column `c` the row has more than 100000 bytes");
        BOOST_TEST(row[2].bytes.size() < 100);
        return ++rows, true;
    });
    BOOST_TEST(rows == 1);
}

BOOST_DATA_TEST_CASE(a_row_that_cannot_be_read_holds_up_none_of_the_others, kProducts, product) {
    const auto database = make(product);
    const std::string name = product == Product::Sqlite ? "poison" : "share.poison";
    database->run("CREATE TABLE " + name + " (id integer PRIMARY KEY, name text, mark integer, flag varchar(1))");
    const auto add = [&](int id, const std::string& text, const std::string& mark) {
        database->run("INSERT INTO " + name + " VALUES (" + std::to_string(id) + ", '" + text + "', " + mark +
                      ", '0')");
    };
    add(1, "a", "1"), add(2, std::string(40'000, 'x'), "2"), add(3, "c", "3");
    if (product == Product::Postgres) database->run("GRANT UPDATE (flag) ON share.poison TO center");
    const std::string table = "{" + database->way() + R"(,"table":"poison","key":["id"],"cell_bytes":1024,)";
    const std::string refused = R"("caseway_unreadable":"cell_too_large: column `name` has more than 1024 bytes"})";
    const auto marked = open(table + R"("watermark":{"column":"mark","overlap":10}})");
    const auto read = readPages(*marked, {}, {.records = 2});
    BOOST_TEST(codeOf(read) == "none");
    BOOST_TEST(read.records == 3);
    BOOST_TEST(read.bytes.find(R"({"id":2,"mark":2,"flag":"0",)" + refused) != std::string::npos, read.bytes);
    BOOST_TEST(read.bytes.size() < 1000);
    BOOST_TEST(readPages(*marked, read.next).records == 0);
    database->run("UPDATE " + name + " SET name = 'y' || name WHERE id = 2");  // another value, as large
    BOOST_TEST(readPages(*marked, read.next).records == 1);

    const auto flagged = open(table + R"("flag":{"column":"flag"}})");
    const auto shared = readPages(*flagged);
    BOOST_TEST(shared.records == 3);
    flagged->acknowledge(shared.next);
    BOOST_TEST(database->value("SELECT COUNT(*) FROM " + name + " WHERE flag = '0'") == "0");

    const Cursor before = readPages(*marked, read.next).next;  // with the flags as they are now
    add(4, "d", "NULL"), add(5, "e", "NULL"), add(6, "f", "6");
    for (int night = 0; night < 2; ++night) {
        const auto next = readPages(*marked, before, {.records = 1});
        BOOST_TEST(codeOf(next) == "none");
        BOOST_TEST(next.records == 2);  // 6 is new, and one tells of 4 and 5
        BOOST_TEST(count(next.bytes, "key_missing: 2 rows have NULL in the key or the watermark") == 1);
    }
}

BOOST_AUTO_TEST_SUITE_END()
