// gateway/adapters/sqlite/backup.cpp - SQLite's online backup inside one read transaction, and the way back.
#include "gateway/adapters/sqlite/backup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

#include "gateway/adapters/sqlite/data_folder.hpp"
#include "gateway/adapters/sqlite/first_numbers.hpp"
#include "gateway/adapters/sqlite/schema.hpp"
#include "gateway/adapters/sqlite/sqlite_store.hpp"
#include "gateway/adapters/sqlite/statement.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

constexpr int kPagesPerStep = 128;

[[noreturn]] void unavailable(const char* operation, const std::string& file, std::string_view why,
                              std::string hint = {}) {
    throw Fault(FaultCode::FileUnavailable, fmt::format("{} {}: {}", operation, file, why), std::move(hint));
}

/// Removes what it was given unless it was released: a half-written copy.
class HalfMadeFile {
public:
    explicit HalfMadeFile(std::string file) : file_(std::move(file)) {}
    ~HalfMadeFile() {
        std::error_code ignored;
        for (const char* suffix : {"", "-wal", "-shm", "-journal"}) fs::remove(file_ + suffix, ignored);
    }
    HalfMadeFile(const HalfMadeFile&) = delete;
    HalfMadeFile& operator=(const HalfMadeFile&) = delete;
    const std::string& name() const { return file_; }

private:
    std::string file_;
};

/// Moves the finished copy to its name; a file that appeared there meanwhile stays.
void publish(const std::string& from, const std::string& to) {
    syncFile(from);
    std::error_code error;
    fs::create_hard_link(from, to, error);
    if (error) unavailable("make", to, error.message(), "name a file that does not exist yet");
    syncFolderOf(to);
}

void copyPages(sqlite3* from, sqlite3* to, const std::function<void()>& between_steps) {
    const BackupHandle backup(sqlite3_backup_init(to, "main", from, "main"));
    if (!backup) throw sqliteFault(to, sqlite3_extended_errcode(to), "backup");
    int code = SQLITE_OK;
    while ((code = sqlite3_backup_step(backup.get(), kPagesPerStep)) == SQLITE_OK) {
        if (between_steps) between_steps();
    }
    if (code != SQLITE_DONE) throw sqliteFault(nullptr, code, "backup");
}

}  // namespace

void backUpDatabase(const std::string& database_file, const std::string& file,
                    const std::function<void()>& between_steps) {
    if (fs::exists(file)) unavailable("make", file, "is there already", "name a file that does not exist yet");
    ConnectionSettings settings;
    settings.use = ConnectionSettings::Use::Read;
    SqliteConnection from(database_file, settings);
    const HalfMadeFile half(file + ".part");
    std::error_code ignored;
    fs::remove(half.name(), ignored);
    makePrivateFile(half.name());
    {
        settings.use = ConnectionSettings::Use::Copy;
        SqliteConnection to(half.name(), settings);
        to.run("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;");  // synced once, whole, below
        const ReadTransaction snapshot(from);
        from.number("SELECT count(*) FROM meta");  // the snapshot is taken by the first read
        copyPages(from.raw(), to.raw(), between_steps);
    }
    publish(half.name(), file);
}

namespace {

/// Throws unless the copy is a whole database of ours that this program can open.
void validate(const std::string& file) {
    ConnectionSettings settings;
    settings.use = ConnectionSettings::Use::Write;
    SqliteConnection connection(file, settings);
    const std::string verdict = connection.text("PRAGMA integrity_check(1)");
    if (verdict != "ok") {
        throw Fault(FaultCode::StoreCorrupt, fmt::format("backup: {}", verdict), "take an older backup");
    }
    if (connection.number("SELECT count(*) FROM sqlite_schema") == 0) {
        throw Fault(FaultCode::ConfigurationBad, "backup: an empty file", "name a file that `caseway backup` made");
    }
    migrate(connection, schemaMigrations());
    SqliteStatement head(connection.raw(),
                         "SELECT coalesce((SELECT note FROM checkpoint ORDER BY tree_size DESC LIMIT 1), x'')");
    std::string note;
    if (Cursor cursor = head.query(); cursor.step()) note = cursor.text(0);
    SqliteStatement(connection.raw(), "INSERT OR REPLACE INTO meta(name, value) VALUES (?1, ?2)")
        .run(kRestoredHeadMeta, bytesOf(note));
    connection.run("PRAGMA wal_checkpoint(TRUNCATE)");
}

/// Of the database that the backup takes the place of; nothing where it cannot tell.
std::optional<std::int64_t> lastNumberIn(const std::string& file, const char* sql) {
    if (!fs::exists(file)) return std::nullopt;
    try {
        ConnectionSettings settings;
        settings.use = ConnectionSettings::Use::Read;
        return SqliteConnection(file, settings).number(sql);
    } catch (const Fault&) {
        return std::nullopt;
    }
}

/// What comes is numbered behind all that may have been given since the backup: where nobody knows how much that was,
/// far behind.
void numberFromBehind(const std::string& replaced, const std::string& copy) {
    constexpr std::int64_t kFar = 10'000'000;
    ConnectionSettings settings;
    settings.use = ConnectionSettings::Use::Write;
    SqliteConnection connection(copy, settings);
    const auto begin = [&](std::string_view meta, const char* sql) {
        const std::int64_t given = connection.number(sql);
        const std::int64_t last = std::max(given, lastNumberIn(replaced, sql).value_or(given + kFar));
        SqliteStatement(connection.raw(), "INSERT OR REPLACE INTO meta(name, value) VALUES (?1, ?2)")
            .run(meta, bytesOf(std::to_string(last + 1)));
    };
    begin(kFirstChangeMeta, kLastChangeSql);
    begin(kFirstCaseMeta, kLastCaseSql);
    connection.run("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace

namespace {

/// A folder that goes with all that is in it: where a backup becomes what it is to be, before anybody can take it for
/// the database.
class StagingFolder {
public:
    explicit StagingFolder(std::string path) : path_(std::move(path)) {
        std::error_code ignored;
        fs::remove_all(path_, ignored);  // of a restore that was killed
        makeDataFolder(path_);
    }
    ~StagingFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    StagingFolder(const StagingFolder&) = delete;
    StagingFolder& operator=(const StagingFolder&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

constexpr std::array kSuffixes = {"-wal", "-shm", ""};  // the log first: it must never lie beside another database

void moveDatabase(const std::string& from, const std::string& to) {
    std::error_code error;
    for (const char* suffix : kSuffixes) {
        if (fs::exists(from + suffix)) fs::rename(from + suffix, to + suffix, error);
        if (error) unavailable("move", from + suffix, error.message());
    }
}

/// With its log, where it has one: a database that was put aside may have been killed before.
void copyDatabase(const std::string& from, const std::string& to) {
    std::error_code error;
    for (const char* suffix : {"-wal", ""}) {
        if (*suffix != '\0' && !fs::exists(from + suffix)) continue;
        fs::copy_file(from + suffix, to + suffix, fs::copy_options::overwrite_existing, error);
        if (error) unavailable("restore", from + suffix, error.message());
        fs::permissions(to + suffix, fs::perms::owner_read | fs::perms::owner_write, error);
    }
}

/// A name under which no database was kept: each may hold what no other one has.
std::string freeName(const std::string& stem) {
    std::string name = stem;
    for (int number = 2;
         std::any_of(kSuffixes.begin(), kSuffixes.end(), [&](const char* suffix) { return fs::exists(name + suffix); });
         ++number)
        name = fmt::format("{}-{}", stem, number);
    return name;
}

void completeCopy(const std::string& folder, const std::function<void(Store&)>& complete) {
    {
        SqliteOptions options;
        options.folder = folder;
        const auto store = openSqliteStore(options);
        complete(*store);
    }
    ConnectionSettings settings;
    settings.use = ConnectionSettings::Use::Write;
    SqliteConnection(databaseFileIn(folder), settings).run("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace

std::vector<std::string> bodyFilesIn(const std::string& database_file) {
    ConnectionSettings settings;
    settings.use = ConnectionSettings::Use::Read;
    SqliteConnection connection(database_file, settings);
    SqliteStatement named(connection.raw(), "SELECT DISTINCT body_file FROM envelope WHERE body_file IS NOT NULL");
    std::vector<std::string> names;
    for (Cursor cursor = named.query(); cursor.step();) names.emplace_back(cursor.text(0));
    return names;
}

std::string restoreFrom(const std::string& backup_file, const std::string& folder, bool replace,
                        const std::function<void(Store&, const std::string& kept)>& complete) {
    makeDataFolder(folder);
    const FolderLock lock = lockDataFolder(folder);
    const std::string file = databaseFileIn(folder);
    if (fs::exists(file) && !replace) {
        throw Fault(FaultCode::ConfigurationBad, fmt::format("restore: {} holds a database", folder),
                    "nothing was changed; --replace puts the backup in its place and keeps it beside, as "
                    "caseway.db.replaced; or name another data folder with --data");
    }
    const StagingFolder staging(folder + "/restore.part");
    const std::string copy = databaseFileIn(staging.path());
    makePrivateFile(copy);
    copyDatabase(backup_file, copy);
    validate(copy);
    numberFromBehind(file, copy);
    const std::string kept = fs::exists(file) ? freeName(file + ".replaced") : std::string();
    if (complete) completeCopy(staging.path(), [&](Store& store) { complete(store, kept); });
    if (!kept.empty()) moveDatabase(file, kept);
    try {
        publish(copy, file);
    } catch (const Fault&) {
        if (!kept.empty()) moveDatabase(kept, file);
        throw;
    }
    return kept;
}

}  // namespace caseway
