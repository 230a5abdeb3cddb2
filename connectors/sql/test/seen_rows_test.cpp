// connectors/sql/test/seen_rows_test.cpp - many rows of one watermark: whatever changes among them is given, and what
// does not is not, night after night.
#include <fmt/format.h>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <random>

#include "connectors/sql/seen_rows.hpp"
#include "connectors/sql/test/case_settings.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

/// Rows of one day, which are all of one mark.
struct DayTable {
    SqliteDatabase database;
    std::map<int, int> versions{};
    std::unique_ptr<Connector> connector;
    Cursor cursor{};

    explicit DayTable(int rows) {
        database.run("CREATE TABLE day (id integer PRIMARY KEY, version integer, mark varchar(30))");
        database.run(
            fmt::format("INSERT INTO day SELECT 10 * n, 1, '2026-01-01' FROM (WITH RECURSIVE r(n) AS (SELECT 1 "
                        "UNION ALL SELECT n + 1 FROM r WHERE n < {}) SELECT n FROM r)",
                        rows));
        for (int n = 1; n <= rows; ++n) versions[10 * n] = 1;
        connector =
            open("{" + database.way() + R"(,"table":"day","key":["id"],"watermark":{"column":"mark","overlap":300}})");
    }
    void put(int id, int version, const char* mark = "2026-01-01") {
        database.run(fmt::format("INSERT OR REPLACE INTO day VALUES ({}, {}, '{}')", id, version, mark));
        versions[id] = version;
    }
    void remove(int id) {
        database.run(fmt::format("DELETE FROM day WHERE id = {}", id));
        versions.erase(id);
    }
    ReadPass read(std::uint32_t records = 1000) {
        ReadPass pass = readPages(*connector, cursor, {.records = records});
        BOOST_TEST(codeOf(pass) == "none");
        BOOST_TEST(pass.next.size() < 40'000);
        cursor = pass.next;
        return pass;
    }
    /// In one pass, with at most so many that did not change.
    void gives(int id, std::uint64_t most) {
        const ReadPass pass = read(300);
        BOOST_TEST(gave(pass, id), id);
        BOOST_TEST(pass.records <= most);
        BOOST_TEST(read(300).records == 0);
    }
    bool gave(const ReadPass& pass, int id) const {
        return pass.bytes.find(fmt::format(R"("id":{},"version":{},)", id, versions.at(id))) != std::string::npos;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(SqlSeenRows)

BOOST_DATA_TEST_CASE(rows_that_change_among_many_of_one_mark_are_given,
                     boost::unit_test::data::make({400, 500, 501, 600, 1000, 2200, 12'000}), rows) {
    DayTable table(rows);
    BOOST_TEST(table.read().records == static_cast<std::uint64_t>(rows));
    BOOST_TEST(table.read().records == 0);
    int version = 1;
    for (const int id : {10, 4000, 10 * rows}) table.put(id, ++version), table.gives(id, 502);
    table.remove(20), table.put(25, 1), table.gives(25, 502);                                // as many as before
    table.remove(5000 <= 10 * rows ? 5000 : 4000), table.put(11, 1), table.gives(11, 1004);  // the last of a block went
    table.put(3999, 1), table.gives(3999, 1004);
    table.put(10 * rows + 10, 1, "2026-01-02"), table.gives(10 * rows + 10, 1);
}

BOOST_AUTO_TEST_CASE(night_after_night_each_change_is_given) {
    DayTable table(1800);
    std::mt19937 random(20261126);
    table.read(257);
    for (int night = 0; night < 40; ++night) {
        std::map<int, bool> touched;
        const int changes = static_cast<int>(random() % 30);
        for (int i = 0; i < changes; ++i) {
            const int id = static_cast<int>(random() % 19'000) + 1;
            const bool is_gone = random() % 3 == 0;
            const auto known = table.versions.find(id - id % 10);
            if (is_gone && known != table.versions.end()) {
                touched.erase(known->first);
                table.remove(known->first);
            } else {
                table.put(id, night + 2, random() % 4 == 0 ? "2026-01-01 00:00:01" : "2026-01-01");
                touched[id] = true;
            }
        }
        const ReadPass pass = table.read(100 + static_cast<std::uint32_t>(random() % 900));
        for (const auto& [id, is_there] : touched)
            BOOST_TEST(table.gave(pass, id), "night " << night << ", row " << id);
        BOOST_TEST(table.read(333).records == 0, "night " << night);
    }
}

BOOST_AUTO_TEST_CASE(a_cursor_that_only_counted_gives_its_rows_once_more) {
    DayTable table(600);
    table.cursor = R"({"v":1,"high":"t2026-01-01","ties":[["t2026-01-01","t600","t6000"]]})";
    BOOST_TEST(table.read().records == 600);
    BOOST_TEST(table.read().records == 0);
}

BOOST_AUTO_TEST_CASE(blocks_and_places_of_rubbish_are_refused) {
    for (const char* cursor : {R"({"v":1,"blocks":[["t1","tx","t1","tk"]]})", R"({"v":1,"blocks":[["t1","t1"]]})",
                               R"({"v":1,"place":["t1","t1","t0"]})", R"({"v":1,"place":["t1","t0","t1"]})",
                               R"({"v":1,"place":["t1","t-1","t0"]})"})
        BOOST_CHECK_THROW(SqlCursor::read(cursor), ConnectorFault);
}

BOOST_DATA_TEST_CASE(a_row_whose_mark_is_none_is_refused_by_itself,
                     boost::unit_test::data::make({"garbage", "0", "x-1"}), mark) {
    DayTable table(5);
    table.read();
    table.put(15, 1, mark);
    table.put(60, 1, "2026-01-02");
    if (mark[0] == '0') table.cursor.clear();  // it stands before all others
    const ReadPass pass = table.read();
    BOOST_TEST(pass.records >= 2);
    BOOST_TEST(pass.bytes.find(R"({"id":15,"version":1,"mark":")" + std::string(mark) +
                               R"(","caseway_unreadable":"watermark_unreadable: column `mark` )") != std::string::npos,
               pass.bytes);
    BOOST_TEST(table.gave(pass, 60));
    BOOST_TEST(table.read().records == 0);
    table.put(70, 1, "2026-01-03");
    BOOST_TEST(table.read().records == 1);
    table.put(15, 2, "2026-01-04");
    BOOST_TEST(table.gave(table.read(), 15));
}

BOOST_DATA_TEST_CASE(rows_without_a_mark_before_all_others_hold_up_none_of_them,
                     boost::unit_test::data::make({"''", "'0000-00-00'", "'!' || n"}), mark) {
    DayTable table(3);
    table.database.run(
        fmt::format("INSERT INTO day SELECT -n, 1, {} FROM (WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 "
                    "FROM r WHERE n < 5000) SELECT n FROM r)",
                    mark));
    const ReadPass pass = table.read();
    BOOST_TEST(pass.records == 5003);
    BOOST_TEST(table.gave(pass, 30));
    table.put(40, 1, "2026-01-02");
    BOOST_TEST(table.gave(table.read(), 40));
}

BOOST_DATA_TEST_CASE(rows_without_a_mark_before_and_behind_all_others_hold_up_none_of_them,
                     boost::unit_test::data::make({"N/A", "未知", "9999", "9-9", "~"}), last) {
    DayTable table(3);
    for (const int id : {1, 2, 3}) table.put(id, 1, "");
    table.put(50, 1, last);
    table.put(51, 1, "unknown");
    const ReadPass pass = table.read(2);
    BOOST_TEST(pass.records == 8);
    BOOST_TEST(table.gave(pass, 30));
    BOOST_TEST(pass.bytes.find(R"({"id":50,"version":1,"mark":")" + std::string(last) + R"(","caseway_unreadable":)") !=
               std::string::npos);
    table.put(40, 1, "2026-01-02");
    BOOST_TEST(table.gave(table.read(2), 40));
}

BOOST_AUTO_TEST_CASE(days_to_come_alone_are_marks_too) {
    DayTable table(1);
    table.remove(10);
    table.put(1, 1, "");
    table.put(2, 1, "2099-01-01");
    table.put(3, 1, "N/A");
    BOOST_TEST(table.read(1).records == 3);
}

BOOST_AUTO_TEST_CASE(a_column_that_holds_no_times_at_all_is_a_wrong_setting) {
    SqliteDatabase database;
    database.run("CREATE TABLE day (id integer PRIMARY KEY, mark varchar(30))");
    database.run("INSERT INTO day VALUES (1, 'a'), (2, 'b')");
    const auto connector = open("{" + database.way() + R"(,"table":"day","key":["id"],"watermark":{"column":"mark"}})");
    for (const std::uint32_t records : {1U, 2U, 5000U}) {
        const ReadPass pass = readPages(*connector, {}, {.records = records});
        BOOST_TEST(codeOf(pass) == "watermark_unreadable", records);
        BOOST_TEST(pass.records == 0, records);
    }
}

// Where the database takes no word in the column's place, that it says so is no answer to what is wrong.
BOOST_AUTO_TEST_CASE(a_column_of_a_type_that_is_no_time_is_a_wrong_setting) {
    fixture::PostgresDatabase database;
    database.run("CREATE TABLE share.untimed (id integer PRIMARY KEY, mark inet)");
    database.run("INSERT INTO share.untimed VALUES (1, '10.0.0.1'), (2, '10.0.0.2')");
    const auto connector =
        open("{" + database.way() + R"(,"table":"untimed","key":["id"],"watermark":{"column":"mark"}})");
    BOOST_TEST(codeOf(readPages(*connector)) == "watermark_unreadable");
}

BOOST_AUTO_TEST_SUITE_END()
