// connectors/sql/test/sql_watermark_test.cpp - tables that are only read, behind a time or a number: nothing twice,
// nothing skipped, and nothing that holds reading up for ever.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "connectors/sql/test/case_settings.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

struct Mark {
    const char *type, *first, *second, *third, *overlap;
};
std::ostream& operator<<(std::ostream& out, const Mark& mark) {
    return out << mark.type << " " << mark.first;
}
const Mark kMarks[] = {
    {"timestamp", "2026-01-01 00:00:00.123456", "2026-01-01 00:00:00.123457", "2026-01-01 00:00:00.2", "60"},
    {"timestamp(3)", "2026-01-01 23:59:59.999", "2026-01-02 00:00:00", "2026-01-02 00:00:00.001", "60"},
    {"date", "2026-01-31", "2026-02-01", "2026-02-02", "86400"},
    {"bigint", "9007199254740993", "9007199254740995", "9007199254740996", "10"},
    {"numeric(20)", "41", "42", "100", "10"},
    {"varchar(30)", "20260101235959", "20260102000001", "20260102000002", "60"},
    {"varchar(30)", "2026/01/01 23:59:59", "2026/01/02 00:00:01", "2026/01/02 00:00:02", "60"},
};

const Mark kFutures[] = {
    {"timestamp", "2026-01-01 00:00:00", "2099-01-01 00:00:00", "2026-01-02 00:00:00", "60"},
    {"date", "2026-01-31", "2099-01-01", "2026-02-02", "86400"},
    {"varchar(30)", "20260101235959", "20990101000000", "20260102000002", "60"},
};

/// A table of keys and marks, filled and asked by the department itself.
struct MarkedTable {
    Database& database;
    const std::string name = database.timeType() == "timestamp" ? "marked" : "share.marked";
    MarkedTable(Database& where, const std::string& type) : database(where) {
        database.run("CREATE TABLE " + name + " (id integer PRIMARY KEY, mark " + type + ")");
    }
    void add(int key, const std::string& mark) {
        database.run("INSERT INTO " + name + " VALUES (" + std::to_string(key) + ", '" + mark + "')");
    }
    std::string settings(const std::string& overlap) const {
        return "{" + database.way() + R"(,"table":"marked","key":["id"],"watermark":{"column":"mark","overlap":)" +
               overlap + "}}";
    }
};

PageEnd onePage(Connector& connector, const Cursor& from) {
    struct Sink final : PageSink {
        void payload(const PayloadHead&) override {}
        void bytes(std::string_view) override {}
    } sink;
    return connector.read(from, {.records = 2}, sink);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SqlWatermarks)

BOOST_DATA_TEST_CASE(many_rows_of_one_time_are_read_once_each, kProducts, product) {
    const auto database = make(product);
    CaseTable table(*database);
    for (int i = 0; i < 25; ++i) table.addAt(100);
    const auto connector = open(settingsFor(*database, kWatermark));
    const auto read = readPages(*connector, {}, {.records = 4});
    BOOST_TEST(read.records == 25);
    BOOST_TEST(count(read.bytes, "\"id\":") == 25);
    BOOST_TEST(readPages(*connector, read.next, {.records = 4}).records == 0);
}

BOOST_DATA_TEST_CASE(a_bulk_load_with_one_time_is_not_read_again_each_night, kProducts, product) {
    const auto database = make(product);
    CaseTable table(*database);
    const std::string into = "INSERT INTO " + table.prefix() + "case_apply ";
    database->run(into +
                  "SELECT 10 * n, 'x', 1, '2026-01-01 00:01:00', '0' FROM (WITH RECURSIVE r(n) AS (SELECT 1 "
                  "UNION ALL SELECT n + 1 FROM r WHERE n < 2200) SELECT n FROM r) s");
    const auto connector = open(settingsFor(*database, kWatermark));
    const auto add = [&](int key, const char* time) {
        database->run(into + "VALUES (" + std::to_string(key) + ", 'x', 1, '2026-01-01 " + time + "', '0')");
    };
    auto read = readPages(*connector, {}, {.records = 300});
    BOOST_TEST(read.records == 2200);
    BOOST_TEST(read.next.size() < 20'000);
    const auto next = [&] {
        read = readPages(*connector, read.next, {.records = 300});
        BOOST_TEST(codeOf(read) == "none");
        return read.records;
    };
    BOOST_TEST(next() == 0);
    add(22'001, "00:01:00"), add(1, "00:00:59"), add(2, "00:01:01");
    BOOST_TEST(next() == 3);  // behind the last key, before the time, after it
    BOOST_TEST(next() == 0);
    database->run("UPDATE " + table.prefix() + "case_apply SET changed = '2026-01-01 00:01:02' WHERE id = 10");
    BOOST_TEST(next() >= 1);  // one left that time: those of it may come once more
    BOOST_TEST(next() == 0);
    add(15, "00:01:00");  // committed late, between the others
    BOOST_TEST(next() >= 1);
    BOOST_TEST(read.bytes.find("\"id\":15,") != std::string::npos);
    BOOST_TEST(next() == 0);
}

BOOST_DATA_TEST_CASE(what_is_committed_late_with_an_older_time_is_read, kProducts, product) {
    const auto database = make(product);
    CaseTable table(*database);
    table.addAt(1000);
    table.addAt(1010);
    const auto connector = open(settingsFor(*database, kWatermark));
    const auto read = readPages(*connector);
    table.addAt(1005);  // a transaction that took long
    table.addAt(1010);
    const auto later = readPages(*connector, read.next);
    BOOST_TEST(later.records == 2);
    BOOST_TEST(later.bytes.find("\"id\":3,") != std::string::npos);
    BOOST_TEST(later.bytes.find("\"id\":4,") != std::string::npos);
    table.addAt(10);  // beyond the overlap: README.md says so
    BOOST_TEST(readPages(*connector, later.next).records == 0);
}

/// As a run that is stopped leaves it: the next one goes on behind what it passed, and what it sees last says nothing
/// of that.
BOOST_DATA_TEST_CASE(what_is_committed_late_while_a_pass_is_stopped_is_read, kProducts, product) {
    for (const bool is_another_run : {true, false}) {
        const auto database = make(product);
        CaseTable table(*database);
        for (std::size_t second = 1000; second < 1012; second += 2) table.addAt(second);
        auto connector = open(settingsFor(*database, kWatermark));
        const PageEnd first = onePage(*connector, "");
        table.addAt(1000);  // 7: late, and within the overlap of all that was there
        table.addAt(5000);
        if (is_another_run) connector = open(settingsFor(*database, kWatermark));
        auto read = readPages(*connector, first.next, {.records = 2});
        BOOST_TEST(read.records == 5);
        read = readPages(*connector, read.next, {.records = 2});
        BOOST_TEST(read.records == 1);
        BOOST_TEST(read.bytes.find("\"id\":7,") != std::string::npos, read.bytes);
        read = readPages(*connector, read.next, {.records = 2});
        BOOST_TEST(read.records == 0);
        BOOST_TEST(readPages(*connector, read.next, {.records = 2}).next == read.next);
    }
}

/// A former version kept no more than where it stood.
BOOST_DATA_TEST_CASE(a_pass_that_a_former_version_began_hides_nothing_either, kProducts, product) {
    const auto database = make(product);
    CaseTable table(*database);
    for (const std::size_t second : {1000, 1001, 1002, 1003}) table.addAt(second);
    const auto connector = open(settingsFor(*database, kWatermark));
    Cursor former = onePage(*connector, "").next;
    const std::size_t top = former.find(",\"top\"");
    BOOST_REQUIRE(top != std::string::npos);
    former.erase(top, former.find(',', top + 1) - top);
    table.addAt(1000), table.addAt(5000);
    const auto read = readPages(*connector, former);
    BOOST_TEST(read.records == 3);
    BOOST_TEST(readPages(*connector, read.next).bytes.find("\"id\":5,") != std::string::npos);
}

BOOST_DATA_TEST_CASE(a_row_that_changes_while_pages_are_read_is_read_again, kProducts, product) {
    const auto database = make(product);
    CaseTable table(*database);
    table.fill(4);
    const auto connector = open(settingsFor(*database, kWatermark));
    const PageEnd first = onePage(*connector, "");
    table.change();
    const auto rest = readPages(*connector, first.next, {.records = 2});
    BOOST_TEST(rest.records == 3);
    BOOST_TEST(rest.bytes.find("\"name\":\"n5\"") != std::string::npos);
}

BOOST_DATA_TEST_CASE(watermarks_of_each_type_are_followed, kMarks, mark) {
    PostgresDatabase postgres;
    SqliteDatabase sqlite;
    for (Database* database : {static_cast<Database*>(&postgres), static_cast<Database*>(&sqlite)}) {
        const bool is_sqlite = database == &sqlite;
        const std::string table = is_sqlite ? "marked" : "share.marked";
        database->run("CREATE TABLE " + table + " (\"Key\" varchar(20) PRIMARY KEY, mark " + mark.type + ")");
        const auto add = [&](int key, const char* value) {
            database->run("INSERT INTO " + table + " VALUES ('k" + std::to_string(key) + "', '" + value + "')");
        };
        add(1, mark.first), add(2, mark.first), add(3, mark.first), add(4, mark.second), add(5, mark.second);
        const auto connector =
            open("{" + database->way() + R"(,"table":"marked","key":["key"],"watermark":{"column":"mark","overlap":)" +
                 mark.overlap + "}}");
        const auto read = readPages(*connector, {}, {.records = 2});
        BOOST_TEST(codeOf(read) == "none");
        BOOST_TEST(read.records == 5);
        BOOST_TEST(read.pages == 3);
        BOOST_TEST(readPages(*connector, read.next, {.records = 2}).records == 0);
        add(6, mark.first), add(7, mark.third);
        const auto later = readPages(*connector, read.next, {.records = 2});
        BOOST_TEST(codeOf(later) == "none");
        BOOST_TEST(later.records == 2);
    }
}

BOOST_DATA_TEST_CASE(a_row_that_is_dated_in_the_future_hides_none_that_comes_before,
                     boost::unit_test::data::make(kProducts) * boost::unit_test::data::make(kFutures), product, mark) {
    const auto database = make(product);
    MarkedTable table(*database, mark.type);
    const bool is_compact = std::string(mark.first).find('-') == std::string::npos;
    const std::string local = product == Product::Postgres ? "to_char(LOCALTIMESTAMP, 'YYYY-MM-DD HH24:MI:SS')"
                                                           : "datetime('now', 'localtime')";
    std::string later = database->value("SELECT " + local).substr(0, mark.type == std::string("date") ? 10 : 19);
    if (is_compact) std::erase_if(later, [](char c) { return c < '0' || c > '9'; });
    table.add(1, mark.first), table.add(2, mark.second);
    const auto connector = open(table.settings(mark.overlap));
    const auto read = readPages(*connector, {}, {.records = 1});
    BOOST_TEST(codeOf(read) == "none");
    BOOST_TEST(read.records == 2);
    table.add(4, mark.third);  // loaded in arrears
    const auto late = readPages(*connector, read.next);
    BOOST_TEST(codeOf(late) == "none");
    BOOST_TEST(late.records == 1);  // the one of 2099 is known by its digest
    BOOST_TEST(late.bytes.find("\"id\":4,") != std::string::npos, late.bytes);
    table.add(3, later);
    const auto next = readPages(*connector, late.next);
    BOOST_TEST(codeOf(next) == "none");
    BOOST_TEST(next.records == 1);
    BOOST_TEST(next.bytes.find("\"id\":3,") != std::string::npos, next.bytes);
    std::string ahead = next.next;  // as a version that knew no clock kept it
    const std::size_t at = ahead.find("\"high\":\"t") + 9;
    ahead.replace(at, ahead.find('"', at) - at, mark.second);
    const auto stuck = readPages(*connector, ahead);
    BOOST_REQUIRE(codeOf(stuck) == "watermark_ahead");
    BOOST_TEST(stuck.fault->parts().message.find(mark.second) != std::string::npos);
    BOOST_TEST(stuck.fault->parts().next_step.find("--full") != std::string::npos);
    BOOST_TEST(readPages(*connector).records == 4);
}

BOOST_DATA_TEST_CASE(a_table_that_lies_all_in_the_future_hides_none_and_gives_each_row_once,
                     boost::unit_test::data::make(kProducts) * boost::unit_test::data::make(kFutures), product, mark) {
    const auto database = make(product);
    MarkedTable table(*database, mark.type);
    table.add(1, mark.second), table.add(2, mark.second);
    const auto connector = open(table.settings(mark.overlap));
    const auto read = readPages(*connector, {}, {.records = 1});
    BOOST_TEST(codeOf(read) == "none");
    BOOST_TEST(read.records == 2);
    const auto same = readPages(*connector, read.next);
    BOOST_TEST(codeOf(same) == "none");
    BOOST_TEST(same.records == 0);
    table.add(3, mark.first);
    const auto next = readPages(*connector, same.next);
    BOOST_TEST(codeOf(next) == "none");
    BOOST_TEST(next.records == 1);
    BOOST_TEST(next.bytes.find("\"id\":3,") != std::string::npos, next.bytes);
}

BOOST_DATA_TEST_CASE(a_table_that_was_restored_counts_from_a_lower_number_and_is_told, kProducts, product) {
    const auto database = make(product);
    MarkedTable table(*database, "bigint");
    for (int i = 1; i <= 50; ++i) table.add(i, std::to_string(i));
    const auto connector = open(table.settings("10"));
    const auto read = readPages(*connector);
    BOOST_TEST(read.records == 50);
    database->run("DELETE FROM " + table.name +
                  " WHERE id > 40");  // the last ones went: all that come are in the overlap
    BOOST_TEST(codeOf(readPages(*connector, read.next)) == "none");
    database->run("DELETE FROM " + table.name + " WHERE id > 39");
    const auto restored = readPages(*connector, read.next);
    BOOST_REQUIRE(codeOf(restored) == "watermark_ahead");
    BOOST_TEST((restored.fault->kind() == ConnectorFaultKind::Config));
    BOOST_TEST(restored.fault->parts().message == "reading stands at 50, and the highest of the table is 39");
    BOOST_TEST(readPages(*connector).records == 39);
    database->run("DELETE FROM " + table.name);  // emptied, as some do each year
    BOOST_TEST(codeOf(readPages(*connector, read.next)) == "none");
}

/// Milliseconds among seconds: all that come lie below, and a pass that finds nothing looks like a good one.
BOOST_DATA_TEST_CASE(one_number_that_is_too_high_is_told_when_rows_come_below_it, kProducts, product) {
    for (const int before : {3, 0}) {
        const auto database = make(product);
        MarkedTable table(*database, "bigint");
        for (int i = 1; i <= before; ++i) table.add(i, std::to_string(1'780'000'000 + i));
        table.add(100, "1780000002000");
        const auto connector = open(table.settings("10"));
        auto read = readPages(*connector);
        BOOST_TEST(read.records == before + 1);
        const auto idle = readPages(*connector, read.next);  // nothing came: nothing is said
        BOOST_TEST(codeOf(idle) == "none");
        BOOST_TEST((idle.next == read.next));
        for (int i = 11; i <= 60; ++i) table.add(i, std::to_string(1'780'000'000 + i));
        for (int night = 0; night < 2; ++night) {
            const auto hidden = readPages(*connector, idle.next);
            BOOST_REQUIRE(codeOf(hidden) == "watermark_ahead");
            BOOST_TEST((hidden.fault->kind() == ConnectorFaultKind::Config));
            BOOST_TEST(hidden.fault->parts().message ==
                       "reading stands at 1780000002000, and rows came that lie below it by more than the overlap, the "
                       "highest of them with 1780000060: no run would read them");
            BOOST_TEST(hidden.fault->parts().next_step.find("--full") != std::string::npos);
        }
        database->run("UPDATE " + table.name + " SET mark = 1780000061 WHERE id = 100");
        read = readPages(*connector);
        BOOST_TEST(read.records == before + 51);
        table.add(61, "1780000062");
        BOOST_TEST(readPages(*connector, read.next).records == 1);
    }
}

BOOST_DATA_TEST_CASE(numbers_that_go_on_hold_nothing_up_whatever_comes_late, kProducts, product) {
    const auto database = make(product);
    MarkedTable table(*database, "bigint");
    for (int i = 1; i <= 50; ++i) table.add(i, std::to_string(10 * i));
    const auto connector = open(table.settings("20"));
    auto read = readPages(*connector);
    table.add(51, "485"), table.add(52, "301"), table.add(53, "510");  // in the overlap, far below it, above
    read = readPages(*connector, read.next);
    BOOST_TEST(codeOf(read) == "none");
    BOOST_TEST(read.records == 2);
    read = readPages(*connector, read.next);  // what lies below was there before
    BOOST_TEST(codeOf(read) == "none");
    BOOST_TEST(read.records == 0);
}

BOOST_AUTO_TEST_SUITE_END()
