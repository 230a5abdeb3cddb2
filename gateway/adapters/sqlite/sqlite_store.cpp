// gateway/adapters/sqlite/sqlite_store.cpp - one writing session, a pool of reading ones, a checkpointer, the folder's
// lock.
#include "gateway/adapters/sqlite/sqlite_store.hpp"

#include <fmt/format.h>

#include "gateway/adapters/sqlite/backup.hpp"
#include "gateway/adapters/sqlite/checkpointer.hpp"
#include "gateway/adapters/sqlite/data_folder.hpp"
#include "gateway/adapters/sqlite/schema.hpp"
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
OwnedFd openForWriting(const SqliteOptions& options) {
    makeDataFolder(options.folder);
    OwnedFd lock = lockDataFolder(options.folder);
    const std::string file = databaseFileIn(options.folder);
    makePrivateFile(file);
    syncFolderOf(file);
    Connection connection(file, settingsOf(options, ConnectionSettings::Use::Write));
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
            Connection connection(file_, settingsOf(options, ConnectionSettings::Use::Read));
            requireCurrentSchema(connection);
            return;
        }
        lock_ = openForWriting(options_);
        const ConnectionSettings settings = settingsOf(options, ConnectionSettings::Use::Write);
        session_ = std::make_unique<WriteSession>(file_, settings, options_.compress_from);
        checkpointer_ = std::make_unique<Checkpointer>(file_, settings, state_.gate, options_.checkpoint_at_pages);
        sqlite3_wal_hook(session_->connection.raw(), &SqliteStore::committed, checkpointer_.get());
    }

    std::unique_ptr<StoreWriter> beginWrite() override {
        if (!session_) throw Fault(FaultCode::ConfigurationBad, "begin: the store was opened for reading only");
        refuseIfUnknown();
        if (!state_.gate.enter(std::chrono::milliseconds(options_.busy_timeout_ms))) {
            throw Fault(FaultCode::StoreUnavailable, "begin: another transaction holds the writer",
                        "try again in a moment");
        }
        if (state_.commit_unknown) {
            state_.gate.leave();
            refuseIfUnknown();
        }
        return std::make_unique<SqliteWriter>(*session_, state_);
    }

    StoreReader& reader() override { return reader_; }

    void backupTo(const std::string& file) override { backUpDatabase(file_, file); }

private:
    static int committed(void* checkpointer, sqlite3*, const char*, int pages) {
        static_cast<Checkpointer*>(checkpointer)->walHasPages(pages);
        return SQLITE_OK;
    }

    void refuseIfUnknown() {
        if (!state_.commit_unknown) return;
        throw Fault(FaultCode::StoreCommitUnknown, "begin: an earlier commit may or may not have happened",
                    "restart the gateway: it reads where the log stands");
    }

    SqliteOptions options_;
    std::string file_;
    OwnedFd lock_;
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
