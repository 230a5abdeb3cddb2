// gateway/adapters/sqlite/sqlite_store.hpp - the Store of one gateway in one file, WAL, synchronous=FULL. The only
// header of this folder that the daemon and the commands need. Choices and figures:
// docs/decisions/0005-sqlite-raw-api.md.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/ports/store.hpp"

namespace caseway {

/// The defaults are the measured ones.
struct SqliteOptions {
    std::string folder;          ///< made where missing; the database is caseway.db inside
    bool read_only = false;      ///< no lock, no migration, beginWrite() refused: beside a running gateway
    int busy_timeout_ms = 1000;  ///< also how long beginWrite() waits for the one writer
    std::size_t readers = 4;     ///< reading connections, opened when first needed
    int writer_cache_kib = 16 * 1024;
    int reader_cache_kib = 2 * 1024;
    int page_bytes = 8192;                                  ///< of a fresh database
    std::int64_t checkpoint_at_bytes = 64LL * 1024 * 1024;  ///< of the write-ahead log, whatever the pages' size
    std::size_t compress_from = 1024;                       ///< shorter bodies are kept as they are
    std::int64_t max_pages = 0;                             ///< 0: as large as the disk
};

/// Opens, makes or migrates the store.
/// Throws Fault{ConfigurationBad}: locked by another gateway, of a newer release, not ours; Fault{FileUnavailable,
/// StoreUnavailable, StoreCorrupt}.
std::unique_ptr<Store> openSqliteStore(const SqliteOptions& options);

/// The database file in a data folder.
std::string databaseFileIn(const std::string& folder);

/// Puts a backup in place as the database of `folder`, after its schema and its pages were checked; durable on return.
/// Leaves meta "restored_head": the last checkpoint's note in the backup (or empty), so that the log can name the head
/// that it stood at; `complete` gets the copy, open for writing, before it takes its place, to begin that, and the name
/// that is returned, to keep there what belongs to that one. Until then the folder stays as it is: whatever is thrown,
/// nothing was restored. `replace`: take the place of a database that is there. Returns the file where that one is
/// kept, caseway.db.replaced or, where that is taken, …-2; empty: there was none. Throws what `complete` throws;
/// Fault{ConfigurationBad}: the folder holds a database, the backup is not ours or newer; Fault{StoreUnavailable}: a
/// gateway runs there; Fault{StoreCorrupt}: the backup's pages do not fit together; Fault{FileUnavailable}.
std::string restoreFrom(const std::string& backup_file, const std::string& folder, bool replace = false,
                        const std::function<void(Store&, const std::string& kept)>& complete = {});

/// The bodies in files that a database names. Throws as openSqliteStore() does.
std::vector<std::string> bodyFilesIn(const std::string& database_file);

}  // namespace caseway
