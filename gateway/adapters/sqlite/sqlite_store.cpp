// gateway/adapters/sqlite/sqlite_store.cpp - one writing session, a pool of reading ones, a checkpointer, the folder's
// lock.
#include "gateway/adapters/sqlite/sqlite_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <climits>

#include "gateway/adapters/sqlite/backup.hpp"
#include "gateway/adapters/sqlite/checkpointer.hpp"
#include "gateway/adapters/sqlite/data_folder.hpp"
#include "gateway/adapters/sqlite/schema.hpp"
#include "gateway/adapters/sqlite/snapshot.hpp"
#include "gateway/adapters/sqlite/sqlite_writer.hpp"

namespace caseway {
namespace {

ConnectionSettings settingsOf(const SqliteOptions& options, ConnectionSettings::Use use) {
    ConnectionSettings settings;
    settings.use = use;
    settings.busy_timeout_ms = options.busy_timeout_ms;
    settings.cache_kib = use == ConnectionSettings::Use::Write ? options.writer_cache_kib : options.reader_cache_kib;
    settings.page_bytes = options.page_bytes;
    settings.max_pages = options.max_pages;
    return settings;
}

/// Lock, file and schema, in this order; done before any statement is prepared.
FolderLock openForWriting(const SqliteOptions& options) {
    makeDataFolder(options.folder);
    FolderLock lock = lockDataFolder(options.folder);
    const std::string file = databaseFileIn(options.folder);
    makePrivateFile(file);
    syncFolderOf(file);
    SqliteConnection connection(file, settingsOf(options, ConnectionSettings::Use::Write));
    migrate(connection, schemaMigrations());
    return lock;
}

class SqliteStore final : public Store {
public:
    explicit SqliteStore(const SqliteOptions& options)
        : options_(options),
          file_(databaseFileIn(options.folder)),
          pool_(file_, settingsOf(options, ConnectionSettings::Use::Read), options.readers),
          reader_(pool_) {
        if (options_.read_only) {
            SqliteConnection connection(file_, settingsOf(options, ConnectionSettings::Use::Read));
            requireCurrentSchema(connection);
            return;
        }
        lock_ = openForWriting(options_);
        openSessions();
    }

    std::unique_ptr<StoreWriter> beginWrite() override {
        if (options_.read_only)
            throw Fault(FaultCode::ConfigurationBad, "begin: the store was opened for reading only");
        settleUnknownCommit();
        checkpointer_->letCatchUp();
        if (!state_.gate.enter(patience())) {
            throw Fault(FaultCode::StoreUnavailable, "begin: another transaction holds the writer",
                        "try again in a moment");
        }
        if (state_.commit_unknown || !session_) {  // it failed while we waited
            state_.gate.leave();
            throw Fault(FaultCode::StoreUnavailable, "begin: the store is being opened anew", "try again in a moment");
        }
        return std::make_unique<SqliteWriter>(*session_, state_);
    }

    StoreReader& reader() override {
        settleUnknownCommit();
        return reader_;
    }

    std::unique_ptr<StoreSnapshot> snapshot() override {
        settleUnknownCommit();
        return openSnapshot(file_, settingsOf(options_, ConnectionSettings::Use::Read));
    }

    void backupTo(const std::string& file) override { backUpDatabase(file_, file); }

private:
    static int committed(void* checkpointer, sqlite3*, const char*, int pages) {
        static_cast<Checkpointer*>(checkpointer)->walHasPages(pages);
        return SQLITE_OK;
    }

    std::chrono::milliseconds patience() const { return std::chrono::milliseconds(options_.busy_timeout_ms); }

    void openSessions() {
        const ConnectionSettings settings = settingsOf(options_, ConnectionSettings::Use::Write);
        session_ = std::make_unique<WriteSession>(file_, settings, options_.compress_from);
        ConnectionSettings upkeep = settings;
        upkeep.cache_kib = options_.reader_cache_kib;
        const std::int64_t page_bytes = session_->connection.number("PRAGMA page_size");
        const std::int64_t pages = std::clamp<std::int64_t>(options_.checkpoint_at_bytes / page_bytes, 1, INT_MAX);
        checkpointer_ = std::make_unique<Checkpointer>(file_, upkeep, state_.gate, static_cast<int>(pages));
        sqlite3_wal_hook(session_->connection.raw(), &SqliteStore::committed, checkpointer_.get());
    }

    /// After a commit of unknown result: closes every connection and opens anew, so that SQLite decides from the file
    /// what happened; then moves the write-ahead log into the database, so that the decision is durable before anybody
    /// reads it. Throws Fault{StoreUnavailable} where that fails: ask again.
    void settleUnknownCommit() {
        if (!state_.commit_unknown) return;
        if (!state_.gate.enterForUpkeep(patience())) {
            throw Fault(FaultCode::StoreUnavailable, "reopen: a transaction is still open", "try again in a moment");
        }
        try {
            if (state_.commit_unknown) reopen();
        } catch (...) {
            state_.gate.leave();
            throw;
        }
        state_.gate.leave();
    }

    void reopen() {
        checkpointer_.reset();
        session_.reset();
        if (!pool_.closeAll())
            throw Fault(FaultCode::StoreUnavailable, "reopen: a reader is still busy", "try again in a moment");
        SqliteConnection connection(file_, settingsOf(options_, ConnectionSettings::Use::Write));
        if (connection.number("PRAGMA wal_checkpoint(TRUNCATE)") != 0) {
            throw Fault(FaultCode::StoreUnavailable, "reopen: the write-ahead log cannot be settled",
                        "look for disk errors");
        }
        openSessions();
        state_.commit_unknown = false;
    }

    SqliteOptions options_;
    std::string file_;
    FolderLock lock_;
    WriterState state_;
    ReaderPool pool_;
    SqliteReader reader_;
    std::unique_ptr<WriteSession> session_;
    std::unique_ptr<Checkpointer> checkpointer_;
};

}  // namespace

std::string databaseFileIn(const std::string& folder) {
    return folder + "/caseway.db";
}

std::unique_ptr<Store> openSqliteStore(const SqliteOptions& options) {
    return std::make_unique<SqliteStore>(options);
}

}  // namespace caseway
