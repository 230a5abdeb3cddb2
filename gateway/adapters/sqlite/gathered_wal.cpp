// gateway/adapters/sqlite/gathered_wal.cpp - everything goes to SQLite's own layer but writes, which wait for each
// other.
#include "gateway/adapters/sqlite/gathered_wal.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <string>

namespace caseway {
namespace {

constexpr std::size_t kMost = 256 * 1024;  ///< held back at once: it stays in the processor's cache
constexpr std::size_t kPiece = 64 * 1024;  ///< SQLite's own layer takes less than 128 KiB a call

/// SQLite allocates it, zeroed, with room for the file of its own layer behind it.
struct WalFile {
    sqlite3_file base;  // first: SQLite sees only this
    std::string* held;  ///< bytes that follow each other in the file from `at`
    sqlite3_int64 at;
    int failed;  ///< why frames from `at` on are lost; until SQLite begins there anew nothing may build on them

    static WalFile& of(sqlite3_file* file) { return *reinterpret_cast<WalFile*>(file); }
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }

    int write(const void* bytes, int count, sqlite3_int64 offset) {
        if (failed != SQLITE_OK && offset > at) return failed;
        failed = SQLITE_OK;
        const bool follows = offset == at + static_cast<sqlite3_int64>(held->size());
        if (!held->empty() && (!follows || held->size() >= kMost)) {
            if (const int code = release(); code != SQLITE_OK) return code;
        }
        if (held->empty()) at = offset;
        held->append(static_cast<const char*>(bytes), static_cast<std::size_t>(count));
        return SQLITE_OK;
    }

    /// Whatever comes of it, nothing is held afterwards.
    int release() {
        if (held->empty()) return failed;
        int code = SQLITE_OK;
        for (std::size_t done = 0; done < held->size() && code == SQLITE_OK; done += kPiece) {
            code = real()->pMethods->xWrite(real(), held->data() + done,
                                            static_cast<int>(std::min(kPiece, held->size() - done)),
                                            at + static_cast<sqlite3_int64>(done));
        }
        held->clear();
        failed = code;
        return code;
    }
};

template <class Action>
int afterRelease(sqlite3_file* file, Action action) {
    WalFile& wal = WalFile::of(file);
    const int code = wal.release();
    return code != SQLITE_OK ? code : action(wal.real(), wal.real()->pMethods);
}

int closeFile(sqlite3_file* file) {
    WalFile& wal = WalFile::of(file);
    wal.release();
    const std::unique_ptr<std::string> freed(wal.held);
    return wal.real()->pMethods->xClose(wal.real());
}
/// What stands before the held and the lost frames is read as ever: a store that met a full disk goes on from there.
int readFile(sqlite3_file* file, void* into, int count, sqlite3_int64 offset) {
    WalFile& wal = WalFile::of(file);
    if (offset + count > wal.at && (!wal.held->empty() || wal.failed != SQLITE_OK)) {
        if (const int code = wal.release(); code != SQLITE_OK) return code;
    }
    return wal.real()->pMethods->xRead(wal.real(), into, count, offset);
}
int writeFile(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    try {
        return WalFile::of(file).write(bytes, count, offset);
    } catch (const std::bad_alloc&) {
        return SQLITE_IOERR_NOMEM;
    }
}
int truncateFile(sqlite3_file* file, sqlite3_int64 size) {
    WalFile& wal = WalFile::of(file);
    wal.release();
    if (size <= wal.at) wal.failed = SQLITE_OK;
    return wal.failed != SQLITE_OK ? wal.failed : wal.real()->pMethods->xTruncate(wal.real(), size);
}
int syncFile(sqlite3_file* file, int flags) {
    return afterRelease(file, [=](auto* real, auto* methods) { return methods->xSync(real, flags); });
}
int sizeOfFile(sqlite3_file* file, sqlite3_int64* size) {
    WalFile& wal = WalFile::of(file);
    wal.release();
    return wal.real()->pMethods->xFileSize(wal.real(), size);
}
int lockFile(sqlite3_file* file, int level) {
    return WalFile::of(file).real()->pMethods->xLock(WalFile::of(file).real(), level);
}
int unlockFile(sqlite3_file* file, int level) {
    return WalFile::of(file).real()->pMethods->xUnlock(WalFile::of(file).real(), level);
}
int checkReservedLock(sqlite3_file* file, int* held) {
    return WalFile::of(file).real()->pMethods->xCheckReservedLock(WalFile::of(file).real(), held);
}
int controlFile(sqlite3_file* file, int operation, void* argument) {
    return WalFile::of(file).real()->pMethods->xFileControl(WalFile::of(file).real(), operation, argument);
}
int sectorSize(sqlite3_file* file) {
    return WalFile::of(file).real()->pMethods->xSectorSize(WalFile::of(file).real());
}
int deviceCharacteristics(sqlite3_file* file) {
    return WalFile::of(file).real()->pMethods->xDeviceCharacteristics(WalFile::of(file).real());
}

/// Version 1: shared memory and mapped reads are of the database file, not of the log.
constexpr sqlite3_io_methods kWalMethods{.iVersion = 1,
                                         .xClose = closeFile,
                                         .xRead = readFile,
                                         .xWrite = writeFile,
                                         .xTruncate = truncateFile,
                                         .xSync = syncFile,
                                         .xFileSize = sizeOfFile,
                                         .xLock = lockFile,
                                         .xUnlock = unlockFile,
                                         .xCheckReservedLock = checkReservedLock,
                                         .xFileControl = controlFile,
                                         .xSectorSize = sectorSize,
                                         .xDeviceCharacteristics = deviceCharacteristics,
                                         .xShmMap = nullptr,
                                         .xShmLock = nullptr,
                                         .xShmBarrier = nullptr,
                                         .xShmUnmap = nullptr,
                                         .xFetch = nullptr,
                                         .xUnfetch = nullptr};

}  // namespace

const int kGatheredWalBytes = sizeof(WalFile);

int openGatheredWal(sqlite3_vfs& own, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    WalFile& wal = WalFile::of(file);
    wal.base.pMethods = nullptr;
    const int code = own.xOpen(&own, name, wal.real(), flags, out_flags);
    if (code != SQLITE_OK) return code;
    wal.held = new (std::nothrow) std::string;
    if (wal.held == nullptr) {
        wal.real()->pMethods->xClose(wal.real());
        return SQLITE_NOMEM;
    }
    wal.at = 0;
    wal.failed = SQLITE_OK;
    wal.base.pMethods = &kWalMethods;
    return SQLITE_OK;
}

}  // namespace caseway
