// tests/unit/sqlite/snapshot_test.cpp - a database in which somebody wrote with other tools: what a snapshot says of it
// before and behind reading it.
#include <fmt/format.h>

#include <algorithm>

#include "gateway/adapters/sqlite/connection.hpp"
#include "gateway/adapters/sqlite/data_folder.hpp"
#include "gateway/adapters/sqlite/sqlite_store.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/ports/store_snapshot.hpp"
#include "tests/support/store_rows.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

void run(const std::string& folder, const std::string& sql) {
    ConnectionSettings settings;
    settings.use = ConnectionSettings::Use::Write;
    SqliteConnection(databaseFileIn(folder), settings).run(sql);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SqliteSnapshotOfHostileRows)

BOOST_AUTO_TEST_CASE(tells_a_schema_that_is_not_ours_before_it_reads_a_table) {
    for (const char* table : {"meta", "leaf", "checkpoint", "patch", "change"}) {
        const TemporaryFolder folder;
        const std::string data = folder / "data";
        { const auto store = openSqliteStore({.folder = data}); }
        std::string columns;
        {
            SqliteConnection connection(databaseFileIn(data), {.use = ConnectionSettings::Use::Write});
            columns = connection.text(
                fmt::format("SELECT group_concat('n AS ' || name, ', ') FROM pragma_table_info('{}')", table));
        }
        run(data, fmt::format("PRAGMA legacy_alter_table = 1; ALTER TABLE {0} RENAME TO other; CREATE VIEW {0} AS"
                              " WITH RECURSIVE t(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM t) SELECT {1} FROM t",
                              table, columns));
        const auto store = openSqliteStore({.folder = data, .read_only = true});
        const auto told = store->snapshot()->foreignSchema();
        BOOST_TEST(std::count(told.begin(), told.end(),
                              fmt::format("schema: view {} is not as this program makes it", table)) == 1);
    }
    const TemporaryFolder folder;
    const auto store = openSqliteStore({.folder = folder / "data"});
    BOOST_TEST(store->snapshot()->foreignSchema().empty());
    run(folder / "data", "DROP TABLE patch");
    try {
        store->snapshot();
        BOOST_ERROR("it was read");
    } catch (const Fault& fault) {
        BOOST_TEST(std::string(fault.what()).find("schema: table patch is missing") != std::string::npos, fault.what());
    }
}

BOOST_AUTO_TEST_CASE(tells_a_row_of_the_feed_that_stands_for_more_records_than_there_are) {
    const TemporaryFolder folder;
    const auto store = openSqliteStore({.folder = folder / "data"});
    auto writer = store->beginWrite();
    for (const std::uint64_t record : {1, 2, 3}) {
        writer->putPatch({7, record, static_cast<CaseId>(record), RecordOutcome::New, "{}"});
        writer->putChange({record, static_cast<CaseId>(record), 7, record});
    }
    writer->commit();
    BOOST_TEST(store->snapshot()->damage().empty());
    writer.reset();
    writer = store->beginWrite();  // the bound is that of its own leaf
    writer->putPatch({8, 1, 1, RecordOutcome::Same, "{}"});
    writer->commit();
    writer.reset();
    for (const char* more : {"3", "1000000000", "9223372036854775807"}) {
        run(folder / "data", fmt::format("UPDATE change SET more = {}", more));
        const auto told = store->snapshot()->damage();
        BOOST_REQUIRE(told.size() == 1U);
        BOOST_TEST(told[0] == "change 1 is of more records than there are behind its first");
    }
    run(folder / "data", "UPDATE change SET more = 2");
    BOOST_TEST(store->snapshot()->damage().empty());
}

BOOST_AUTO_TEST_CASE(tells_a_flag_that_is_neither_yes_nor_no) {
    const TemporaryFolder folder;
    const auto store = openSqliteStore({.folder = folder / "data"});
    const auto writer = store->beginWrite();
    writer->putCase(caseRow("S-1"));
    writer->putRun({0, "housing/permits/outbox", true, "{}"});
    writer->commit();
    for (const char* flag : {"run SET ended", "case_record SET deleted", "case_record SET by_window"})
        for (const char* value : {"2", "-1"}) {
            run(folder / "data", fmt::format("UPDATE {} = {}", flag, value));
            BOOST_TEST(store->snapshot()->damage().size() == 1U, flag << " " << value);
            run(folder / "data", fmt::format("UPDATE {} = 1", flag));
            BOOST_TEST(store->snapshot()->damage().empty(), flag);
        }
}

BOOST_AUTO_TEST_SUITE_END()
