// gateway/adapters/sqlite/sqlite_handles.hpp - SQLite's and zstd's handles as unique_ptr, and the one translation of
// their errors. Only this folder includes it; nothing of sqlite3.h is seen outside.
#pragma once

#include <sqlite3.h>
#include <zstd.h>

#include <memory>
#include <string_view>

#include "gateway/base/fault.hpp"

namespace caseway {

struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
struct FinishBackup {
    void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};
struct FreeCompression {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompression {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

using DatabaseHandle = std::unique_ptr<sqlite3, CloseDatabase>;
using StatementHandle = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;
using BackupHandle = std::unique_ptr<sqlite3_backup, FinishBackup>;
using CompressionHandle = std::unique_ptr<ZSTD_CCtx, FreeCompression>;
using DecompressionHandle = std::unique_ptr<ZSTD_DCtx, FreeDecompression>;

/// The fault that a result code of SQLite stands for; `database` may be null. A broken constraint is our own bug and
/// aborts.
Fault sqliteFault(sqlite3* database, int code, std::string_view operation);
/// The fault that the same code stands for when COMMIT returned it.
Fault sqliteCommitFault(sqlite3* database, int code);

}  // namespace caseway
