// tests/unit/sqlite/schema_test.cpp - the way from every older schema to the present one, and what is never opened.
#include "gateway/adapters/sqlite/schema.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <fstream>
#include <sstream>

#include "gateway/adapters/sqlite/body_codec.hpp"
#include "gateway/adapters/sqlite/data_folder.hpp"
#include "gateway/adapters/sqlite/sqlite_store.hpp"
#include "gateway/ports/store_snapshot.hpp"
#include "tests/support/state_format_1.hpp"
#include "tests/support/store_rows.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

/// The table as it was up to version 8, in place of those of now.
constexpr const char* kRepeatOfVersion8 =
    "DROP TABLE repeat; DROP TABLE former_repeat;"
    "CREATE TABLE repeat(key INTEGER PRIMARY KEY, by_key INTEGER NOT NULL, business_time INTEGER NOT NULL,"
    " sent_at INTEGER NOT NULL, message_id BLOB NOT NULL);";

ConnectionSettings writing() {
    ConnectionSettings settings;
    settings.use = ConnectionSettings::Use::Write;
    return settings;
}

void runSql(const std::string& file, const std::string& sql) {
    makePrivateFile(file);
    SqliteConnection(file, writing()).run(sql);
}

std::string textOfFile(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

Fault faultOfOpening(const std::string& folder) {
    try {
        openSqliteStore({.folder = folder});
    } catch (const Fault& fault) {
        return fault;
    }
    throw std::runtime_error("opened");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SqliteSchema)

BOOST_AUTO_TEST_CASE(migrates_a_database_of_version_1_and_keeps_its_rows) {
    const TemporaryFolder folder;
    makeDataFolder(folder / "data");
    const std::string file = databaseFileIn(folder / "data");
    runSql(file, textOfFile(std::string(CASEWAY_SOURCE_DIR) + "/tests/unit/sqlite/schema_1.sql"));
    const auto store = openSqliteStore({.folder = folder / "data"});
    BOOST_TEST(SqliteConnection(file, writing()).number("PRAGMA user_version") == schemaVersion());
    BOOST_TEST(schemaVersion() >= 3);
    BOOST_TEST(store->reader().message(0).value().sender.value().text() == "housing/permits");
    BOOST_TEST(store->reader().envelope(0).value().head == "old");
    BOOST_TEST(store->reader().history(1, 10).size() == 1U);
    const CaseRow row = store->reader().caseById(1).value();
    BOOST_TEST((!row.stated_by && !row.repeated));
    const auto writer = store->beginWrite();
    writeMessage(*writer, 1);
    writer->commit();
}

BOOST_AUTO_TEST_CASE(reads_the_owning_department_out_of_the_states) {
    const TemporaryFolder folder;
    makeDataFolder(folder / "data");
    runSql(databaseFileIn(folder / "data"),
           textOfFile(std::string(CASEWAY_SOURCE_DIR) + "/tests/unit/sqlite/schema_1.sql"));
    const auto store = openSqliteStore({.folder = folder / "data"});
    const CaseRow own = store->reader().caseById(1).value();
    BOOST_TEST((own.department == "11440232000000001A" && !own.by_window));
    const CaseRow opened = store->reader().caseById(2).value();
    BOOST_TEST((opened.department == "11440232000000001A" && opened.by_window));
    const CaseRow alias = store->reader().caseById(3).value();
    BOOST_TEST((alias.department.empty() && !alias.by_window));
    CaseFilter filter;
    filter.departments = {"11440232000000001A"};
    filter.include_deleted = true;
    BOOST_TEST(store->reader().cases(filter).size() == 2U);
}

BOOST_AUTO_TEST_CASE(reads_state_format_1_as_the_record_stage_writes_it_plain_or_compressed) {
    std::string state(kStateFormat1.size() / 2, '\0');
    BOOST_TEST_REQUIRE(fromHex(kStateFormat1, {reinterpret_cast<std::uint8_t*>(state.data()), state.size()}));
    for (const std::uint8_t is_compressed : {0, 1}) {
        BodyCodec codec(is_compressed == 1 ? 0 : state.size() + 1);
        const ByteView stored = codec.encode(state);
        BOOST_TEST_REQUIRE(stored[0] == is_compressed);
        const TemporaryFolder folder;
        makeDataFolder(folder / "data");
        runSql(databaseFileIn(folder / "data"),
               fmt::format("{} UPDATE system SET name = '{}' WHERE id = 1; UPDATE system SET name = '{}' WHERE id = 2;"
                           "UPDATE case_record SET state = x'{}' WHERE id IN (1, 2);",
                           textOfFile(std::string(CASEWAY_SOURCE_DIR) + "/tests/unit/sqlite/schema_1.sql"),
                           kStateFormat1System, kStateFormat1Window, toHex(stored)));
        const auto store = openSqliteStore({.folder = folder / "data"});
        const CaseRow own = store->reader().caseById(1).value();
        BOOST_TEST((own.department == kStateFormat1Department && !own.by_window));
        const CaseRow opened = store->reader().caseById(2).value();
        BOOST_TEST((opened.department == kStateFormat1Department && opened.by_window));
    }
}

BOOST_AUTO_TEST_CASE(has_the_same_tables_migrated_and_fresh) {
    const TemporaryFolder folder;
    const std::string old = folder / "old.db";
    const std::string fresh = folder / "fresh.db";
    runSql(old, textOfFile(std::string(CASEWAY_SOURCE_DIR) + "/tests/unit/sqlite/schema_1.sql"));
    makePrivateFile(fresh);
    const char* kTables =
        "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name)";
    std::vector<std::string> tables;
    for (const std::string& file : {old, fresh}) {
        SqliteConnection connection(file, writing());
        migrate(connection, schemaMigrations());
        tables.push_back(connection.text(kTables));
    }
    BOOST_TEST(tables[0] == tables[1]);
}

BOOST_AUTO_TEST_CASE(a_database_of_version_7_keeps_its_histories_and_goes_on_with_them) {
    const TemporaryFolder folder;
    CaseRow row = caseRow("S-1");
    row.stated_by = RecordKey{0, 1};
    for (const bool is_first : {true, false}) {
        const auto store = openSqliteStore({.folder = folder / "data"});
        const auto writer = store->beginWrite();
        const CaseId id = writer->putCase(row);
        if (is_first) writer->putPatch({0, 1, id, RecordOutcome::New, "{\"status\":\"10\"}"});
        row.id = id;
        row.stated_by.reset();
        if (!is_first) writer->putPatch({1, 1, id, RecordOutcome::Changed, "{\"status\":\"20\"}"});
        writer->commit();
        BOOST_TEST(store->reader().history(id, 10).size() == (is_first ? 1U : 2U));
        BOOST_TEST(store->reader().history(id, 1)[0].patch == "{\"status\":\"10\"}");
        if (is_first) {
            SqliteConnection(databaseFileIn(folder / "data"), writing())
                .run(std::string(kRepeatOfVersion8) +
                     "UPDATE patch SET case_id = opens; ALTER TABLE patch DROP COLUMN opens;"
                     "UPDATE patch SET patch = x'00' || CAST('{\"status\":\"10\"}' AS BLOB); PRAGMA user_version = 7;");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_database_of_version_8_keeps_its_repetitions_and_joins_the_next_ones) {
    const TemporaryFolder folder;
    const std::string file = databaseFileIn(folder / "data");
    std::vector<CaseId> ids;
    {
        const auto store = openSqliteStore({.folder = folder / "data"});
        const auto writer = store->beginWrite();
        for (const std::uint64_t record : {1, 2, 3}) {
            CaseRow row = caseRow("S-" + std::to_string(record));
            row.stated_by = RecordKey{0, record};
            ids.push_back(writer->putCase(row));
            writer->putPatch({0, record, ids.back(), RecordOutcome::New, "{}"});
        }
        writer->commit();
    }
    const auto repeatOf = [](LogIndex index, std::uint64_t record) {
        return Repeat{{index, record}, second(5), second(static_cast<std::int64_t>(index)), messageIdOf(index)};
    };
    const auto oldRow = [&](std::uint64_t record, LogIndex by) {
        return fmt::format("INSERT INTO repeat VALUES ({}, {}, {}, {}, x'{}');", record, (by << 31) + record,
                           second(5).time_since_epoch().count(),
                           second(static_cast<std::int64_t>(by)).time_since_epoch().count(),
                           toHex(ByteView(messageIdOf(by).bytes())));
    };
    // The third record said what no case stands on any more.
    SqliteConnection(file, writing())
        .run(std::string(kRepeatOfVersion8) + oldRow(1, 7) + oldRow(2, 7) + oldRow(3, 6) +
             "UPDATE case_record SET stated_by = NULL WHERE id = 3; PRAGMA user_version = 8;");
    const auto store = openSqliteStore({.folder = folder / "data"});
    BOOST_TEST((store->reader().caseById(ids[0]).value().repeated == repeatOf(7, 1)));
    BOOST_TEST((store->reader().caseById(ids[1]).value().repeated == repeatOf(7, 2)));
    BOOST_TEST(!store->reader().caseById(ids[2]).value().repeated);
    BOOST_TEST((store->snapshot()->repeatOf({0, 3}) == repeatOf(6, 3)));
    {
        const auto writer = store->beginWrite();
        for (const std::uint64_t record : {1, 2}) writer->putRepeat(ids[record - 1], repeatOf(8, record));
        writer->commit();
    }
    BOOST_TEST((store->snapshot()->repeatOf({0, 2}) == repeatOf(8, 2)));
    BOOST_TEST(SqliteConnection(file, writing()).number("SELECT count(*) FROM repeat") == 1);
    BOOST_TEST(store->snapshot()->damage().empty());
}

BOOST_AUTO_TEST_CASE(a_database_of_version_5_can_keep_notes_of_known_records) {
    const TemporaryFolder folder;
    makeDataFolder(folder / "data");
    const std::string file = databaseFileIn(folder / "data");
    runSql(file, textOfFile(std::string(CASEWAY_SOURCE_DIR) + "/tests/unit/sqlite/schema_1.sql"));
    {
        SqliteConnection connection(file, writing());
        migrate(connection, schemaMigrations().first(5));
        BOOST_TEST(connection.number("SELECT count(*) FROM sqlite_schema WHERE name = 'known_part'") == 0);
    }
    const auto store = openSqliteStore({.folder = folder / "data"});
    std::uint64_t part = 0;
    BOOST_TEST(!store->reader().nextKnownPart(0, part));
    const auto writer = store->beginWrite();
    writer->putKnownPart(0, "notes");
    writer->commit();
    BOOST_TEST(store->reader().nextKnownPart(0, part).value() == "notes");
    BOOST_TEST(store->reader().message(0).value().sender.value().text() == "housing/permits");
}

BOOST_AUTO_TEST_CASE(leaves_the_last_good_version_when_a_step_fails_and_goes_on_from_there) {
    const TemporaryFolder folder;
    makePrivateFile(folder / "a.db");
    SqliteConnection connection(folder / "a.db", writing());
    const std::array<std::string_view, 2> broken = {"CREATE TABLE a(x)",
                                                    "CREATE TABLE b(x); INSERT INTO nowhere VALUES (1)"};
    BOOST_CHECK_THROW(migrate(connection, broken), Fault);
    BOOST_TEST(connection.number("PRAGMA user_version") == 1);
    BOOST_TEST(connection.number("SELECT count(*) FROM sqlite_schema WHERE name = 'b'") == 0);
    const std::array<std::string_view, 2> mended = {"CREATE TABLE a(x)", "CREATE TABLE b(x)"};
    migrate(connection, mended);
    BOOST_TEST(connection.number("PRAGMA user_version") == 2);
    BOOST_TEST(connection.number("SELECT count(*) FROM sqlite_schema WHERE name = 'b'") == 1);
}

BOOST_AUTO_TEST_CASE(refuses_a_newer_schema_and_says_what_to_do) {
    const TemporaryFolder folder;
    openSqliteStore({.folder = folder / "data"});
    const std::string file = databaseFileIn(folder / "data");
    SqliteConnection(file, writing()).run("PRAGMA user_version = 99");
    const Fault fault = faultOfOpening(folder / "data");
    BOOST_TEST((fault.code() == FaultCode::ConfigurationBad));
    BOOST_TEST(fault.hint().find("newer release") != std::string::npos);
    BOOST_TEST(SqliteConnection(file, writing()).number("PRAGMA user_version") == 99);
}

BOOST_AUTO_TEST_CASE(refuses_a_database_of_somebody_else) {
    const TemporaryFolder folder;
    makeDataFolder(folder / "data");
    runSql(databaseFileIn(folder / "data"), "CREATE TABLE theirs(x)");
    BOOST_TEST((faultOfOpening(folder / "data").code() == FaultCode::ConfigurationBad));
}

BOOST_AUTO_TEST_SUITE_END()
