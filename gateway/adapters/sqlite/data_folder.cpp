// gateway/adapters/sqlite/data_folder.cpp - see the header.
#include "gateway/adapters/sqlite/data_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "gateway/base/fault.hpp"

namespace caseway {
namespace {

[[noreturn]] void failed(const char* operation, const std::string& path) {
    throw Fault(FaultCode::FileUnavailable,
                fmt::format("{} {}: {}", operation, path, std::generic_category().message(errno)),
                "check owner and permissions of the data folder");
}

std::string ownerOf(int lock) {
    std::array<char, 32> text{};
    const ssize_t size = ::pread(lock, text.data(), text.size(), 0);
    std::string owner(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    while (!owner.empty() && owner.back() == '\n') owner.pop_back();
    return owner.empty() ? "?" : owner;
}

/// False: another process has it.
bool isTaken(int fd, const std::string& path) {
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return true;
    if (errno != EWOULDBLOCK) failed("lock", path);
    return false;
}

/// `file`: names the owner; -1 where it is gone.
Fault inUse(const std::string& folder, int file) {
    const OwnedFd named(file);
    return {FaultCode::StoreUnavailable, fmt::format("{}: another gateway writes here", folder),
            fmt::format("stop process {} first, or name another data folder", ownerOf(file))};
}

void syncPath(const std::string& path, int flags) {
    const OwnedFd fd(::open(path.c_str(), flags | O_CLOEXEC));
    if (fd.get() < 0 || ::fsync(fd.get()) != 0) failed("sync", path);
}

}  // namespace

OwnedFd::~OwnedFd() {
    if (fd_ >= 0) ::close(fd_);
}

OwnedFd& OwnedFd::operator=(OwnedFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

void makeDataFolder(const std::string& folder) {
    const std::filesystem::path path(folder);
    std::error_code error;
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) failed("make", folder);
    if (!std::filesystem::is_directory(path, error)) {
        errno = ENOTDIR;
        failed("open", folder);
    }
}

void makePrivateFile(const std::string& file) {
    const OwnedFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (fd.get() < 0) failed("make", file);
}

FolderLock lockDataFolder(const std::string& folder) {
    const std::string file = folder + "/lock";
    FolderLock lock;
    lock.folder = OwnedFd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (lock.folder.get() < 0) failed("open", folder);
    if (!isTaken(lock.folder.get(), folder))
        throw inUse(folder, ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    lock.file = OwnedFd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (lock.file.get() < 0) failed("open", file);
    if (!isTaken(lock.file.get(), file)) throw inUse(folder, ::dup(lock.file.get()));
    // A full disk must not keep the gateway from starting to read: the lock holds, only the hint of others lacks the
    // id.
    const std::string owner = fmt::format("{}\n", ::getpid());
    if (::ftruncate(lock.file.get(), 0) != 0) failed("write", file);
    static_cast<void>(::pwrite(lock.file.get(), owner.data(), owner.size(), 0) < 0);
    return lock;
}

void syncFile(const std::string& file) {
    syncPath(file, O_RDONLY);
}

void syncFolderOf(const std::string& file) {
    const std::filesystem::path folder = std::filesystem::path(file).parent_path();
    syncPath(folder.empty() ? "." : folder.string(), O_RDONLY | O_DIRECTORY);
}

}  // namespace caseway
