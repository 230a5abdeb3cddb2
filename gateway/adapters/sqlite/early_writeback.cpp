// gateway/adapters/sqlite/early_writeback.cpp - a descriptor beside SQLite's, and how far the disk is behind.
#include "gateway/adapters/sqlite/early_writeback.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <new>
#include <string>
#include <utility>

#include "gateway/adapters/sqlite/data_folder.hpp"

namespace caseway {
namespace {

constexpr sqlite3_int64 kAtOnce = 1024 * 1024;  ///< to the disk; another as much may be on its way

/// One descriptor for each file that is open in this process: to close one drops the locks that SQLite holds by
/// others (fcntl(2)), so it is closed behind the last of those. All opening and closing is done under one lock.
class Descriptors {
public:
    using File = std::pair<dev_t, ino_t>;

    template <class Action>
    auto locked(Action action) {
        const std::lock_guard lock(mutex_);
        return action();
    }
    /// Throws std::bad_alloc. -1: there is none.
    int join(const char* name, File& file) {
        const OwnedFd named(::open(name, O_PATH | O_CLOEXEC | O_NOFOLLOW));  // locks are not dropped with it
        struct stat status {};
        if (named.get() < 0 || ::fstat(named.get(), &status) != 0) return -1;
        file = {status.st_dev, status.st_ino};
        const std::string path = fmt::format("/proc/self/fd/{}", named.get());
        Shared& shared = shared_[file];
        if (shared.users++ == 0) shared.fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        return shared.fd;
    }
    void leave(const File& file) {
        const auto shared = shared_.find(file);
        if (shared == shared_.end() || --shared->second.users != 0) return;
        if (shared->second.fd >= 0) ::close(shared->second.fd);
        shared_.erase(shared);
    }

private:
    struct Shared {
        int fd = -1;
        int users = 0;
    };
    std::mutex mutex_;
    std::map<File, Shared> shared_;
};

Descriptors& descriptors() {
    static Descriptors* const all = new Descriptors;  // never destroyed: connections may outlive it
    return *all;
}

struct Range {
    sqlite3_int64 from = 0, to = 0;
    void include(sqlite3_int64 at, int count) {
        from = to == 0 ? at : std::min(from, at);
        to = std::max(to, at + count);
    }
};

/// Stands behind the file of SQLite's own layer, with that one's methods but three.
struct Tail {
    const sqlite3_io_methods* own;
    sqlite3_io_methods methods;
    Descriptors::File file{};
    int fd = -1;
    sqlite3_int64 waiting = 0;  ///< bytes in `comes`
    Range comes{}, goes{};      ///< what was written since, and what the disk was told to take before that

    static Tail& of(sqlite3_file* file) {
        return *reinterpret_cast<Tail*>(reinterpret_cast<char*>(file) + sqlite3_vfs_find(nullptr)->szOsFile);
    }
    /// SQLite writes a checkpoint's pages in their order. A failure is the sync's to report.
    void wrote(sqlite3_int64 at, int count) {
        comes.include(at, count);
        waiting += count;
        if (waiting < kAtOnce) return;
        if (goes.to != 0) ::sync_file_range(fd, goes.from, goes.to - goes.from, SYNC_FILE_RANGE_WAIT_BEFORE);
        ::sync_file_range(fd, comes.from, comes.to - comes.from, SYNC_FILE_RANGE_WRITE);
        goes = std::exchange(comes, {});
        waiting = 0;
    }
};

int writeFile(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
    Tail& tail = Tail::of(file);
    const int code = tail.own->xWrite(file, bytes, count, at);
    if (code == SQLITE_OK && tail.fd >= 0) tail.wrote(at, count);
    return code;
}
int syncFile(sqlite3_file* file, int flags) {
    Tail& tail = Tail::of(file);
    tail.comes = tail.goes = {};
    tail.waiting = 0;
    return tail.own->xSync(file, flags);
}
int closeFile(sqlite3_file* file) {
    Tail& tail = Tail::of(file);
    return descriptors().locked([&] {
        const int code = tail.own->xClose(file);
        descriptors().leave(tail.file);
        return code;
    });
}

}  // namespace

const int kEarlyWritebackBytes = sizeof(Tail);

int openWithEarlyWriteback(sqlite3_vfs& own, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    const int code = own.xOpen(&own, name, file, flags, out_flags);
    if (code != SQLITE_OK) return code;
    Tail& tail = *new (&Tail::of(file)) Tail{file->pMethods, *file->pMethods};
    try {
        tail.fd = descriptors().locked([&] { return descriptors().join(name, tail.file); });
    } catch (const std::bad_alloc&) {
        return SQLITE_OK;  // as SQLite opened it
    }
    tail.methods.xWrite = writeFile;
    tail.methods.xSync = syncFile;
    tail.methods.xClose = closeFile;
    file->pMethods = &tail.methods;
    return SQLITE_OK;
}

}  // namespace caseway
