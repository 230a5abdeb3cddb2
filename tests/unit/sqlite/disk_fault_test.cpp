// tests/unit/sqlite/disk_fault_test.cpp - the disk fails under SQLite: a write or a sync of the write-ahead log, at
// every place in turn.
#include <fcntl.h>
#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "gateway/adapters/sqlite/data_folder.hpp"
#include "gateway/adapters/sqlite/file_layer.hpp"
#include "gateway/adapters/sqlite/sqlite_store.hpp"
#include "gateway/base/fault.hpp"
#include "tests/support/store_rows.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

/// SQLite's own file layer, with a write-ahead log that can be told to fail once: at its n-th write, or at its next
/// sync.
class FailingDisk {
public:
    FailingDisk() {
        original_ = sqlite3_vfs_find(nullptr);
        failing_ = *original_;
        failing_.zName = "failing";
        failing_.xOpen = &FailingDisk::open;
        sqlite3_vfs_register(&failing_, 1);
        write_in = 0;
        sync_fails = false;
    }
    ~FailingDisk() {
        sqlite3_vfs_register(original_, 1);
        sqlite3_vfs_unregister(&failing_);
    }
    static inline std::atomic<int> write_in{0};  ///< the n-th write from now fails; 0: none
    static inline std::atomic<bool> sync_fails{false};

private:
    static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
        const int code = original_->xOpen(original_, name, file, flags, out_flags);
        if (code != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0) return code;
        methods_ = file->pMethods;
        patched_ = *methods_;
        patched_.xWrite = &FailingDisk::write;
        patched_.xSync = &FailingDisk::sync;
        file->pMethods = &patched_;
        return code;
    }
    static int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
        if (write_in > 0 && --write_in == 0) return SQLITE_IOERR_WRITE;
        return methods_->xWrite(file, bytes, count, at);
    }
    static int sync(sqlite3_file* file, int flags) {
        if (sync_fails) return SQLITE_IOERR_FSYNC;
        return methods_->xSync(file, flags);
    }

    static inline sqlite3_vfs* original_ = nullptr;
    static inline sqlite3_vfs failing_{};
    static inline const sqlite3_io_methods* methods_ = nullptr;
    static inline sqlite3_io_methods patched_{};
};

/// `filler_bytes`: of a row beside it, so that the commit reaches the disk in several pieces.
std::optional<FaultCode> putMessage(Store& store, LogIndex index, std::size_t filler_bytes = 0) {
    try {
        const auto writer = store.beginWrite();
        writeMessage(*writer, index);
        if (filler_bytes != 0) writer->putMeta("filler", std::string(filler_bytes, 'x'));
        writer->commit();
    } catch (const Fault& fault) {
        return fault.code();
    }
    return std::nullopt;
}

std::uint64_t headOf(Store& store) {
    const auto head = store.reader().lastCheckpoint();
    return head ? head->tree_size : 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SqliteDiskFault)

BOOST_AUTO_TEST_CASE(settles_a_commit_whose_sync_failed_before_anybody_reads_the_head) {
    const TemporaryFolder folder;
    const FailingDisk disk;
    auto store = openSqliteStore({.folder = folder / "data", .busy_timeout_ms = 50});
    BOOST_TEST(!putMessage(*store, 0));
    FailingDisk::sync_fails = true;
    BOOST_TEST((putMessage(*store, 1) == FaultCode::StoreCommitUnknown));
    FailingDisk::sync_fails = false;
    const std::uint64_t head = headOf(*store);
    BOOST_TEST((head == 1 || head == 2));
    // Decided for good: the frames in doubt are either in the database or gone, a crash now cannot bring them back.
    BOOST_TEST(std::filesystem::file_size(databaseFileIn(folder / "data") + "-wal") == 0U);
    BOOST_TEST(whatIsWrong(store->reader(), head) == "");
    BOOST_TEST(!putMessage(*store, head));
    BOOST_TEST(whatIsWrong(store->reader(), head + 1) == "");
    store.reset();
    store = openSqliteStore({.folder = folder / "data"});
    BOOST_TEST(whatIsWrong(store->reader(), head + 1) == "");
}

BOOST_AUTO_TEST_CASE(reads_no_head_while_the_disk_stays_broken) {
    const TemporaryFolder folder;
    const FailingDisk disk;
    const auto store = openSqliteStore({.folder = folder / "data", .busy_timeout_ms = 50});
    BOOST_TEST(!putMessage(*store, 0));
    FailingDisk::sync_fails = true;
    BOOST_TEST((putMessage(*store, 1) == FaultCode::StoreCommitUnknown));
    const auto again = putMessage(*store, 1);
    BOOST_TEST((again == FaultCode::StoreUnavailable || again == FaultCode::StoreCommitUnknown));
    FailingDisk::sync_fails = false;
    const std::uint64_t head = headOf(*store);
    BOOST_TEST(!putMessage(*store, head));
    BOOST_TEST(whatIsWrong(store->reader(), head + 1) == "");
}

BOOST_AUTO_TEST_CASE(loses_and_doubles_nothing_whichever_write_fails) {
    int faults = 0;
    for (int place = 1; place < 16; ++place) {
        const TemporaryFolder folder;
        const FailingDisk disk;
        auto store = openSqliteStore({.folder = folder / "data", .busy_timeout_ms = 50});
        BOOST_TEST(!putMessage(*store, 0));
        FailingDisk::write_in = place;
        const auto fault = putMessage(*store, 1, 600'000);
        faults += fault ? 1 : 0;
        FailingDisk::write_in = 0;
        std::uint64_t head = headOf(*store);
        BOOST_TEST((fault ? head <= 2 : head == 2), "write " << place);
        if (fault == FaultCode::StoreUnavailable) BOOST_TEST(head == 1U, "write " << place);
        for (; head < 4; ++head) BOOST_TEST(!putMessage(*store, head), "write " << place);
        BOOST_TEST(whatIsWrong(store->reader(), 4) == "", "write " << place);
        store.reset();
        store = openSqliteStore({.folder = folder / "data"});
        BOOST_TEST(whatIsWrong(store->reader(), 4) == "", "reopened, write " << place);
    }
    BOOST_TEST(faults > 5);
}

/// Frames are held and then cannot be written: whoever asks meets it, until SQLite begins at their place anew.
BOOST_AUTO_TEST_CASE(builds_nothing_on_frames_that_were_lost) {
    const TemporaryFolder folder;
    const FailingDisk disk;
    const std::string name = folder / "a.db-wal";
    std::ofstream(folder / "a.db") << "";  // SQLite's layer takes its permissions
    sqlite3_vfs* const layer = sqlite3_vfs_find(fileLayer());
    std::vector<char> memory(static_cast<std::size_t>(layer->szOsFile));
    auto* const file = reinterpret_cast<sqlite3_file*>(memory.data());
    const int flags = SQLITE_OPEN_WAL | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    BOOST_REQUIRE_EQUAL(layer->xOpen(layer, name.c_str(), file, flags, nullptr), SQLITE_OK);
    const auto& methods = *file->pMethods;
    BOOST_TEST(methods.xWrite(file, "head", 4, 0) == SQLITE_OK);
    BOOST_TEST(methods.xSync(file, SQLITE_SYNC_NORMAL) == SQLITE_OK);
    BOOST_TEST(methods.xWrite(file, "lost", 4, 4) == SQLITE_OK);
    FailingDisk::write_in = 1;
    char read[4];
    BOOST_TEST(methods.xRead(file, read, 4, 4) == SQLITE_IOERR_WRITE);
    BOOST_TEST(methods.xWrite(file, "more", 4, 8) == SQLITE_IOERR_WRITE);
    BOOST_TEST(methods.xRead(file, read, 4, 4) == SQLITE_IOERR_WRITE);
    BOOST_TEST(methods.xRead(file, read, 4, 0) == SQLITE_OK);  // what is committed can be read all the while
    BOOST_TEST(std::string_view(read, 4) == "head");
    BOOST_TEST(methods.xSync(file, SQLITE_SYNC_NORMAL) == SQLITE_IOERR_WRITE);
    BOOST_TEST(methods.xWrite(file, "anew", 4, 4) == SQLITE_OK);
    BOOST_TEST(methods.xSync(file, SQLITE_SYNC_NORMAL) == SQLITE_OK);
    BOOST_TEST(methods.xRead(file, read, 4, 4) == SQLITE_OK);
    BOOST_TEST(std::string_view(read, 4) == "anew");
    BOOST_TEST(methods.xClose(file) == SQLITE_OK);
}

/// A descriptor beside SQLite's must not take its locks away: who opens the file from elsewhere would think it its own.
BOOST_AUTO_TEST_CASE(keeps_the_locks_while_connections_come_and_go) {
    const TemporaryFolder folder;
    const auto store = openSqliteStore({.folder = folder / "data"});
    BOOST_TEST(!putMessage(*store, 0));
    const std::string file = databaseFileIn(folder / "data");
    const OwnedFd other(::open(file.c_str(), O_RDWR | O_CLOEXEC));
    const auto isLocked = [&other] {
        struct flock found {};
        found.l_type = F_WRLCK;
        found.l_whence = SEEK_SET;
        return ::fcntl(other.get(), F_OFD_GETLK, &found) == 0 && found.l_type != F_UNLCK;
    };
    BOOST_TEST(isLocked());
    for (int times = 0; times < 3; ++times) {
        openSqliteStore({.folder = folder / "data", .read_only = true})->reader().lastCheckpoint();
        BOOST_TEST(isLocked());
    }
    BOOST_TEST(!putMessage(*store, 1));
    BOOST_TEST(whatIsWrong(store->reader(), 2) == "");
}

BOOST_AUTO_TEST_SUITE_END()
