// gateway/adapters/sqlite/gathered_wal.hpp - writes the frames of a commit to the write-ahead log in one system call.
// SQLite writes each frame in two, none of them aligned to a page of the kernel's: at full load that was a sixth of a
// message's cost. Source: sqlite.org/vfs.html, sqlite.org/fileformat.html §4.
#pragma once

#include <sqlite3.h>

namespace caseway {

extern const int kGatheredWalBytes;  ///< of a file, beside SQLite's own

/// Opens a write-ahead log by `own`. What is held back reaches the file before a sync, a read of it, a change of size,
/// and before SQLite tells other connections of it: frames become visible after their sync. A failure of what was held
/// back is reported by that call and by every later one, until SQLite begins at that place anew; a commit cannot
/// succeed on lost frames. Rests on synchronous=FULL: each commit ends with a sync.
int openGatheredWal(sqlite3_vfs& own, const char* name, sqlite3_file* file, int flags, int* out_flags);

}  // namespace caseway
