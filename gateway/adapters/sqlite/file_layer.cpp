// gateway/adapters/sqlite/file_layer.cpp - which file goes where; all others are SQLite's own.
#include "gateway/adapters/sqlite/file_layer.hpp"

#include <sqlite3.h>

#include <algorithm>

#include "gateway/adapters/sqlite/early_writeback.hpp"
#include "gateway/adapters/sqlite/gathered_wal.hpp"

namespace caseway {
namespace {

int openFile(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    sqlite3_vfs& own = *sqlite3_vfs_find(nullptr);
    if ((flags & SQLITE_OPEN_WAL) != 0) return openGatheredWal(own, name, file, flags, out_flags);
    if ((flags & SQLITE_OPEN_MAIN_DB) != 0) return openWithEarlyWriteback(own, name, file, flags, out_flags);
    return own.xOpen(&own, name, file, flags, out_flags);
}

}  // namespace

const char* fileLayer() {
    static sqlite3_vfs layer = [] {
        sqlite3_vfs made = *sqlite3_vfs_find(nullptr);
        made.zName = "caseway";
        made.szOsFile += std::max(kGatheredWalBytes, kEarlyWritebackBytes);
        made.xOpen = openFile;
        made.pNext = nullptr;
        return made;
    }();
    static const int kRegistered = sqlite3_vfs_register(&layer, 0);
    return kRegistered == SQLITE_OK ? layer.zName : nullptr;
}

}  // namespace caseway
