// gateway/adapters/sqlite/sqlite_fault.cpp - SQLite's result codes as faults. Source: sqlite.org/rescode.html.
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>

#include "gateway/adapters/sqlite/sqlite_handles.hpp"
#include "gateway/base/check.hpp"

namespace caseway {
namespace {

std::string describe(sqlite3* database, int code, std::string_view operation) {
    const char* words = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
    return fmt::format("{}: {} (sqlite {})", operation, words, code);
}

constexpr std::string_view kFull = "the disk is full: free space on the data folder's file system";

/// The index of the write-ahead log is a file of its own, which is made where the last process ended in good order.
bool isFull(sqlite3* database, int code) {
    if ((code & 0xFF) == SQLITE_FULL) return true;
    return code == SQLITE_IOERR_SHMSIZE && database != nullptr && sqlite3_system_errno(database) == ENOSPC;
}

std::string_view hintFor(int primary) {
    switch (primary) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "another program holds the database: close sqlite3 shells and backup tools";
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_CANTOPEN:
            return "check owner and permissions of the data folder";
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return "stop the gateway and restore the last backup";
        default:
            return "look at the system log for disk errors";
    }
}

}  // namespace

Fault sqliteFault(sqlite3* database, int code, std::string_view operation) {
    const int primary = code & 0xFF;
    const std::string text = describe(database, code, operation);
    if (primary == SQLITE_CONSTRAINT || primary == SQLITE_MISUSE || primary == SQLITE_RANGE) {
        std::fprintf(stderr, "caseway: %s\n", text.c_str());
        CASEWAY_CHECK(!"a row breaks a promise of the store's callers");
    }
    const bool corrupt = primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
    return {corrupt ? FaultCode::StoreCorrupt : FaultCode::StoreUnavailable, text,
            std::string(isFull(database, code) ? kFull : hintFor(primary))};
}

Fault sqliteCommitFault(sqlite3* database, int code) {
    const int primary = code & 0xFF;
    // Busy: no frame was written. Full: the commit frame is the last one written, so it is not whole and never
    // replayed.
    const bool nothing_written = primary == SQLITE_BUSY || primary == SQLITE_FULL;
    const Fault fault = sqliteFault(database, code, "commit");
    if (nothing_written || fault.code() == FaultCode::StoreCorrupt) return fault;
    return {FaultCode::StoreCommitUnknown, describe(database, code, "commit"),
            "read the head of the log: it tells whether the commit happened"};
}

}  // namespace caseway
