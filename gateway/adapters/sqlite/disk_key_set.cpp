// gateway/adapters/sqlite/disk_key_set.cpp - no journal, no sync: nobody will ever read it again.
#include "gateway/adapters/sqlite/disk_key_set.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "gateway/adapters/sqlite/connection.hpp"
#include "gateway/adapters/sqlite/statement.hpp"
#include "gateway/base/fault.hpp"

namespace caseway {
namespace {

constexpr std::size_t kKeyBytes = 16;  ///< of the digest: two of 2^40 keys that are taken for one are not to be feared

std::string freshFile(const std::string& folder) {
    std::string path = folder + "/keys-XXXXXX";
    const int fd = ::mkostemp(path.data(), O_CLOEXEC);  // mode 0600
    if (fd < 0)
        throw Fault(FaultCode::FileUnavailable,
                    fmt::format("make {}: {}", path, std::generic_category().message(errno)),
                    "check owner, permissions and space of the data folder");
    ::close(fd);
    return path;
}

ConnectionSettings copying() {
    ConnectionSettings settings;
    settings.use = ConnectionSettings::Use::Copy;
    return settings;
}

class DiskKeySet final : public KeySet {
public:
    explicit DiskKeySet(const std::string& path) : connection_(path, copying()) {
        connection_.run(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
            "PRAGMA cache_size = -8192; CREATE TABLE seen(key BLOB PRIMARY KEY) WITHOUT ROWID; BEGIN;");
        insert_ = SqliteStatement(connection_.raw(), "INSERT OR IGNORE INTO seen(key) VALUES(?1)");
        find_ = SqliteStatement(connection_.raw(), "SELECT 1 FROM seen WHERE key = ?1");
    }
    bool insert(const Sha256& key) override {
        insert_.run(ByteView(key.bytes).first(kKeyBytes));
        return sqlite3_changes(connection_.raw()) == 1;
    }
    bool contains(const Sha256& key) override { return find_.query(ByteView(key.bytes).first(kKeyBytes)).step(); }

private:
    SqliteConnection connection_;
    SqliteStatement insert_, find_;
};

}  // namespace

std::unique_ptr<KeySet> makeDiskKeySet(const std::string& folder) {
    const std::string path = freshFile(folder);
    try {
        auto set = std::make_unique<DiskKeySet>(path);
        ::unlink(path.c_str());
        return set;
    } catch (...) {
        ::unlink(path.c_str());
        throw;
    }
}

}  // namespace caseway
