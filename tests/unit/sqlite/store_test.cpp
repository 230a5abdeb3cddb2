// tests/unit/sqlite/store_test.cpp - what is SQLite's own: locks, modes, a full disk, a foreign lock, damage,
// checkpoints, restore.
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "gateway/adapters/sqlite/backup.hpp"
#include "gateway/adapters/sqlite/connection.hpp"
#include "gateway/adapters/sqlite/sqlite_store.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/ports/store_snapshot.hpp"
#include "tests/support/store_rows.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

template <class Action>
Fault faultOf(Action&& action) {
    try {
        action();
    } catch (const Fault& fault) {
        return fault;
    }
    throw std::runtime_error("no fault");
}

unsigned modeOf(const std::string& path) {
    struct stat status {};
    BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777;
}

void putMessages(Store& store, LogIndex from, LogIndex to) {
    const auto writer = store.beginWrite();
    for (LogIndex index = from; index < to; ++index) writeMessage(*writer, index);
    writer->commit();
}

/// Fills the store until it says no; the number of messages that were committed.
std::uint64_t fill(Store& store) {
    for (std::uint64_t size = 0; size < 100'000; size += 10) {
        try {
            putMessages(store, size, size + 10);
        } catch (const Fault& fault) {
            BOOST_TEST((fault.code() == FaultCode::StoreUnavailable), fault.what());
            BOOST_TEST(fault.hint().find("full") != std::string::npos, fault.hint());
            return size;
        }
    }
    throw std::runtime_error("never full");
}

/// Takes the mount away again whatever happens.
struct Mounted {
    std::string path;
    ~Mounted() { ::umount2(path.c_str(), MNT_DETACH); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(SqliteStore_)

BOOST_AUTO_TEST_CASE(keeps_its_files_to_itself) {
    const TemporaryFolder folder;
    ::umask(0);
    const auto store = openSqliteStore({.folder = folder / "data"});
    putMessages(*store, 0, 1);
    BOOST_TEST(modeOf(folder / "data") == 0700U);
    for (const char* name : {"data/caseway.db", "data/caseway.db-wal", "data/caseway.db-shm", "data/lock"}) {
        BOOST_TEST(modeOf(folder / name) == 0600U, name);
    }
}

BOOST_AUTO_TEST_CASE(refuses_a_folder_that_another_gateway_writes) {
    const TemporaryFolder folder;
    auto store = openSqliteStore({.folder = folder / "data"});
    const Fault fault = faultOf([&] { openSqliteStore({.folder = folder / "data"}); });
    BOOST_TEST((fault.code() == FaultCode::StoreUnavailable));
    BOOST_TEST(fault.hint().find(std::to_string(::getpid())) != std::string::npos);
    BOOST_TEST((faultOf([&] { restoreFrom(databaseFileIn(folder / "data"), folder / "data", true); }).code() ==
                FaultCode::StoreUnavailable));
    store.reset();
    openSqliteStore({.folder = folder / "data"});
}

BOOST_AUTO_TEST_CASE(reads_beside_a_running_gateway) {
    const TemporaryFolder folder;
    const auto store = openSqliteStore({.folder = folder / "data"});
    putMessages(*store, 0, 3);
    const auto beside = openSqliteStore({.folder = folder / "data", .read_only = true});
    BOOST_TEST(whatIsWrong(beside->reader(), 3) == "");
    putMessages(*store, 3, 4);
    BOOST_TEST(whatIsWrong(beside->reader(), 4) == "");
    BOOST_TEST((faultOf([&] { beside->beginWrite(); }).code() == FaultCode::ConfigurationBad));
    beside->backupTo(folder / "copy");
}

BOOST_AUTO_TEST_CASE(says_so_when_another_transaction_holds_the_writer) {
    const TemporaryFolder folder;
    const auto store = openSqliteStore({.folder = folder / "data", .busy_timeout_ms = 10});
    {
        const auto writer = store->beginWrite();
        BOOST_TEST((faultOf([&] { store->beginWrite(); }).code() == FaultCode::StoreUnavailable));
    }
    putMessages(*store, 0, 1);
}

BOOST_AUTO_TEST_CASE(says_so_when_another_program_holds_the_database) {
    const TemporaryFolder folder;
    const auto store = openSqliteStore({.folder = folder / "data", .busy_timeout_ms = 10});
    sqlite3* other = nullptr;
    BOOST_REQUIRE(sqlite3_open(databaseFileIn(folder / "data").c_str(), &other) == SQLITE_OK);
    BOOST_REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
    BOOST_TEST((faultOf([&] { store->beginWrite(); }).code() == FaultCode::StoreUnavailable));
    BOOST_TEST((faultOf([&] { store->beginWrite(); }).code() == FaultCode::StoreUnavailable));
    sqlite3_close(other);
    putMessages(*store, 0, 1);
    BOOST_TEST(whatIsWrong(store->reader(), 1) == "");
}

BOOST_AUTO_TEST_CASE(loses_nothing_when_its_pages_run_out) {
    const TemporaryFolder folder;
    std::uint64_t size = 0;
    {
        const auto store = openSqliteStore({.folder = folder / "data", .max_pages = 60});
        size = fill(*store);
        BOOST_TEST(size > 0U);
        BOOST_TEST(whatIsWrong(store->reader(), size) == "");
    }
    const auto store = openSqliteStore({.folder = folder / "data"});
    BOOST_TEST(whatIsWrong(store->reader(), size) == "");
    putMessages(*store, size, size + 10);
    BOOST_TEST(whatIsWrong(store->reader(), size + 10) == "");
}

BOOST_AUTO_TEST_CASE(loses_nothing_on_a_full_disk) {
    const TemporaryFolder folder;
    const std::string disk = folder / "disk";
    BOOST_REQUIRE(::mkdir(disk.c_str(), 0700) == 0);
    if (::mount("caseway", disk.c_str(), "tmpfs", 0, "size=1m") != 0) {
        std::puts("skipped: 1 case, no tmpfs can be mounted here");
        return;
    }
    const Mounted mounted{disk};
    std::uint64_t size = 0;
    {
        auto store = openSqliteStore({.folder = disk + "/data", .checkpoint_at_bytes = INT64_MAX});
        size = fill(*store);
        BOOST_TEST(size > 0U);
        BOOST_TEST(whatIsWrong(store->reader(), size) == "");
        BOOST_TEST((faultOf([&] { putMessages(*store, size, size + 10); }).code() == FaultCode::StoreUnavailable));
    }
    BOOST_TEST(::mount("caseway", disk.c_str(), "tmpfs", MS_REMOUNT, "size=8m") == 0);
    {
        const auto store = openSqliteStore({.folder = disk + "/data"});
        BOOST_TEST(whatIsWrong(store->reader(), size) == "");
        putMessages(*store, size, size + 10);
        BOOST_TEST(whatIsWrong(store->reader(), size + 10) == "");
    }
}

BOOST_AUTO_TEST_CASE(tells_damage) {
    const TemporaryFolder folder;
    const std::string file = databaseFileIn(folder / "data");
    { putMessages(*openSqliteStore({.folder = folder / "data"}), 0, 200); }
    {
        std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
        bytes.seekp(0);
        bytes << "this is not a database at all, but some text";
    }
    BOOST_TEST((faultOf([&] { openSqliteStore({.folder = folder / "data"}); }).code() == FaultCode::StoreCorrupt));
}

BOOST_AUTO_TEST_CASE(keeps_the_write_ahead_log_short_under_steady_writing) {
    for (const int page_bytes : {4096, 8192}) {
        const TemporaryFolder folder;
        const auto store =
            openSqliteStore({.folder = folder / "data", .page_bytes = page_bytes, .checkpoint_at_bytes = 800 * 1024});
        for (LogIndex index = 0; index < 3000; index += 10) putMessages(*store, index, index + 10);
        BOOST_TEST(whatIsWrong(store->reader(), 3000) == "");
        struct stat wal {};
        BOOST_REQUIRE(::stat((databaseFileIn(folder / "data") + "-wal").c_str(), &wal) == 0);
        BOOST_TEST(wal.st_size < 4'000'000);
    }
}

BOOST_AUTO_TEST_CASE(copies_the_moment_when_the_copy_began) {
    const TemporaryFolder folder;
    const auto store = openSqliteStore({.folder = folder / "data"});
    putMessages(*store, 0, 8000);
    std::uint64_t steps = 0;
    backUpDatabase(databaseFileIn(folder / "data"), folder / "copy", [&] {
        ++steps;
        putMessages(*store, 7999 + steps, 8000 + steps);
    });
    BOOST_TEST(steps >= 2U);
    BOOST_TEST(modeOf(folder / "copy") == 0600U);
    restoreFrom(folder / "copy", folder / "restored");
    BOOST_TEST(openSqliteStore({.folder = folder / "restored"})->reader().lastCheckpoint().value().tree_size == 8000U);
}

BOOST_AUTO_TEST_CASE(restores_only_what_is_whole_and_only_where_nothing_is) {
    const TemporaryFolder folder;
    {
        const auto store = openSqliteStore({.folder = folder / "data"});
        putMessages(*store, 0, 300);
        store->backupTo(folder / "copy");
        putMessages(*store, 300, 310);
    }
    BOOST_TEST((faultOf([&] { restoreFrom(folder / "copy", folder / "data"); }).code() == FaultCode::ConfigurationBad));
    BOOST_TEST(whatIsWrong(openSqliteStore({.folder = folder / "data"})->reader(), 310) == "");
    BOOST_TEST((faultOf([&] { restoreFrom(folder / "nothing", folder / "a"); }).code() == FaultCode::FileUnavailable));
    std::ofstream(folder / "text")
        << "not a database, whatever its name says; long enough to be read as a header of one";
    BOOST_TEST((faultOf([&] { restoreFrom(folder / "text", folder / "a"); }).code() == FaultCode::StoreCorrupt));
    std::ofstream(folder / "empty") << "";
    BOOST_TEST((faultOf([&] { restoreFrom(folder / "empty", folder / "a"); }).code() == FaultCode::ConfigurationBad));
    std::filesystem::copy_file(folder / "copy", folder / "damaged");
    {
        std::fstream bytes(folder / "damaged", std::ios::in | std::ios::out | std::ios::binary);
        for (int page = 3; page < 20; ++page) {
            bytes.seekp(page * 4096 + 8);
            bytes << "\xFF\xFF\xFF\xFF damaged";
        }
    }
    BOOST_TEST((faultOf([&] { restoreFrom(folder / "damaged", folder / "a"); }).code() == FaultCode::StoreCorrupt));
    BOOST_TEST(!std::filesystem::exists(databaseFileIn(folder / "a")));
    const auto refuses = [](Store& copy, const std::string&) {
        copy.beginWrite()->putMeta("x", "y");
        throw Fault(FaultCode::ConfigurationBad, "no", "no");
    };
    BOOST_TEST((faultOf([&] { restoreFrom(folder / "copy", folder / "a", false, refuses); }).code() ==
                FaultCode::ConfigurationBad));
    BOOST_TEST((faultOf([&] { restoreFrom(folder / "copy", folder / "data", true, refuses); }).code() ==
                FaultCode::ConfigurationBad));
    BOOST_TEST(whatIsWrong(openSqliteStore({.folder = folder / "data"})->reader(), 310) == "");
    for (const char* place : {"a", "data"}) {
        BOOST_TEST(std::filesystem::exists(databaseFileIn(folder / place)) == (std::string(place) == "data"));
        BOOST_TEST(!std::filesystem::exists(folder / (std::string(place) + "/restore.part")));
    }
    const auto completes = [](Store& copy, const std::string&) {
        const auto writer = copy.beginWrite();
        writer->putMeta("completed", "whole");
        writer->commit();
    };
    BOOST_TEST(restoreFrom(folder / "copy", folder / "data", true, completes) == folder / "data/caseway.db.replaced");
    BOOST_TEST(openSqliteStore({.folder = folder / "data"})->reader().meta("completed").value() == "whole");
    BOOST_TEST(restoreFrom(folder / "copy", folder / "data", true) == folder / "data/caseway.db.replaced-2");
    const auto store = openSqliteStore({.folder = folder / "data"});
    BOOST_TEST(whatIsWrong(store->reader(), 300) == "feed");  // as in restore_numbers_test.cpp
    BOOST_TEST(store->reader().changes(0, 400).size() == 300U);
    BOOST_TEST(store->reader().meta(kRestoredHeadMeta).value() == "note of size 300");
}

BOOST_AUTO_TEST_CASE(snapshot_stays_where_it_was_and_tells_a_schema_that_is_not_ours) {
    const TemporaryFolder folder;
    const auto store = openSqliteStore({.folder = folder / "data"});
    putMessages(*store, 0, 10);
    const auto snapshot = store->snapshot();
    putMessages(*store, 10, 20);
    BOOST_TEST(snapshot->keys(StoreTable::Message, std::nullopt, 100).size() == 10U);
    BOOST_TEST(store->snapshot()->keys(StoreTable::Message, std::nullopt, 100).size() == 20U);
    BOOST_TEST(snapshot->damage().empty());
    sqlite3* raw = nullptr;
    BOOST_REQUIRE(sqlite3_open(databaseFileIn(folder / "data").c_str(), &raw) == SQLITE_OK);
    BOOST_TEST(sqlite3_exec(raw, "DROP INDEX patch_case; CREATE VIEW more AS SELECT 1", nullptr, nullptr, nullptr) ==
               SQLITE_OK);
    sqlite3_close(raw);
    BOOST_TEST(store->snapshot()->damage().size() == 2U);
}

BOOST_AUTO_TEST_CASE(tells_a_value_of_another_kind_than_its_column) {
    const TemporaryFolder folder;
    const auto store = openSqliteStore({.folder = folder / "data"});
    putMessages(*store, 0, 3);
    const auto after = [&](const char* tamper) {
        sqlite3* raw = nullptr;
        BOOST_REQUIRE(sqlite3_open(databaseFileIn(folder / "data").c_str(), &raw) == SQLITE_OK);
        BOOST_TEST(sqlite3_exec(raw, "BEGIN", nullptr, nullptr, nullptr) == SQLITE_OK);
        BOOST_TEST(sqlite3_exec(raw, tamper, nullptr, nullptr, nullptr) == SQLITE_OK, tamper);
        BOOST_TEST(sqlite3_exec(raw, "COMMIT", nullptr, nullptr, nullptr) == SQLITE_OK);
        sqlite3_close(raw);
        return store->snapshot()->damage();
    };
    BOOST_TEST(after("SELECT 1").empty());
    const auto told = after("UPDATE message SET message_id = CAST(message_id AS TEXT) WHERE log_index = 1");
    BOOST_REQUIRE(told.size() == 1U);
    BOOST_TEST(told[0] ==
               "message 1: another kind of value than this program stores in message_id, which is of type text");
    BOOST_TEST(after("UPDATE message SET message_id = CAST(message_id AS BLOB) WHERE log_index = 1").empty());
    BOOST_TEST(after("INSERT INTO large VALUES (1, 1, 0, 0, 0, 0, 0, 'text')").size() == 1U);
    BOOST_TEST(after("UPDATE large SET carried = x'00', stale = 0.5").size() == 1U);
    BOOST_TEST(after("DELETE FROM large").empty());
    BOOST_TEST(after("UPDATE message SET sender = 0 WHERE log_index = 2").size() == 1U);
}

BOOST_AUTO_TEST_CASE(tells_a_number_in_the_place_of_nothing_from_the_text_0) {
    const TemporaryFolder folder;
    const auto store = openSqliteStore({.folder = folder / "data"});
    const auto writer = store->beginWrite();
    CaseRow row = caseRow("S-1");
    row.case_no = "0";
    writer->putCase(row);
    writer->putCase(caseRow("S-2"));
    writer->commit();
    BOOST_TEST(store->snapshot()->damage().empty());
    sqlite3* raw = nullptr;
    BOOST_REQUIRE(sqlite3_open(databaseFileIn(folder / "data").c_str(), &raw) == SQLITE_OK);
    BOOST_TEST(sqlite3_exec(raw, "UPDATE case_record SET case_no = '' WHERE id = 2", nullptr, nullptr, nullptr) ==
               SQLITE_OK);
    sqlite3_close(raw);
    BOOST_TEST(store->snapshot()->damage().size() == 1U);
}

BOOST_AUTO_TEST_CASE(keeps_neighbours_of_the_feed_in_one_row_and_tells_where_a_row_does_not_end) {
    const TemporaryFolder folder;
    const auto store = openSqliteStore({.folder = folder / "data"});
    for (const ChangeNo first : {1, 101}) {
        const auto writer = store->beginWrite();
        for (ChangeNo number = first; number < first + 100; ++number)
            writer->putChange({number, static_cast<CaseId>(number), 7, number});
        writer->commit();
    }
    const auto run = [&](const char* sql) {
        SqliteConnection connection(databaseFileIn(folder / "data"), {.use = ConnectionSettings::Use::Write});
        return connection.number(sql);
    };
    BOOST_TEST(run("SELECT count(*) FROM change") == 2);
    BOOST_TEST(store->reader().changes(150, 10).front().record == 151U);
    BOOST_TEST(store->snapshot()->damage().empty());
    for (const char* more : {"100", "-1"}) {
        run((std::string("UPDATE change SET more = ") + more + " WHERE number = 1").c_str());
        BOOST_TEST(store->snapshot()->damage().size() == 1U, "more = " << more);
    }
}

BOOST_AUTO_TEST_CASE(tells_rows_of_repeat_that_overlap_or_tell_of_what_stands_on_no_record) {
    const TemporaryFolder folder;
    const auto store = openSqliteStore({.folder = folder / "data"});
    {
        const auto writer = store->beginWrite();
        for (const std::uint64_t record : {1, 2, 3}) {
            CaseRow row = caseRow("S-" + std::to_string(record));
            row.stated_by = RecordKey{0, record};
            const CaseId id = writer->putCase(row);
            writer->putPatch({0, record, id, RecordOutcome::New, "{}"});
            writer->putRepeat(id, {{7, record}, {}, second(7), messageIdOf(7)});
        }
        writer->commit();
    }
    const auto run = [&](const char* sql) {
        SqliteConnection(databaseFileIn(folder / "data"), {.use = ConnectionSettings::Use::Write}).run(sql);
    };
    constexpr const char* kBack =
        "DELETE FROM repeat WHERE first_case <> 1; UPDATE repeat SET last_case = 3; DELETE FROM former_repeat";
    BOOST_TEST(store->snapshot()->damage().empty());
    for (const char* tamper :
         {"UPDATE repeat SET last_case = 9", "UPDATE repeat SET last_case = 0",
          "INSERT INTO repeat SELECT 3, 3, by_key, business_time, sent_at, message_id FROM repeat",
          "INSERT INTO former_repeat SELECT (SELECT stated_by FROM case_record WHERE id = 2), by_key, business_time,"
          " sent_at, message_id FROM repeat"}) {
        run(tamper);
        BOOST_TEST(store->snapshot()->damage().size() == 1U, tamper);
        run(kBack);
        BOOST_TEST(store->snapshot()->damage().empty());
    }
}

BOOST_AUTO_TEST_CASE(tells_a_case_whose_way_to_its_opening_leads_nowhere) {
    const TemporaryFolder folder;
    const auto store = openSqliteStore({.folder = folder / "data"});
    CaseRow row = caseRow("S-1");
    for (const std::uint64_t record : {1, 2}) {
        const auto writer = store->beginWrite();
        row.stated_by = RecordKey{0, record};
        row.id = writer->putCase(row);
        writer->putPatch({0, record, row.id, record == 1 ? RecordOutcome::New : RecordOutcome::Changed, "{}"});
        writer->commit();
    }
    BOOST_TEST(store->snapshot()->damage().empty());
    for (const char* tamper : {"opened_by + 1", "opened_by + 100"}) {
        SqliteConnection(databaseFileIn(folder / "data"), {.use = ConnectionSettings::Use::Write})
            .run(std::string("UPDATE case_record SET opened_by = ") + tamper);
        BOOST_TEST(store->snapshot()->damage().size() == 1U, tamper);
    }
}

BOOST_AUTO_TEST_SUITE_END()
