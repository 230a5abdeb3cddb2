// gateway/adapters/sqlite/data_folder.hpp - the folder that one gateway owns: made 0700, its files 0600, locked while
// it is open.
#pragma once

#include <string>

namespace caseway {

/// A file descriptor that is closed.
class OwnedFd {
public:
    OwnedFd() = default;
    explicit OwnedFd(int fd) : fd_(fd) {}
    ~OwnedFd();
    OwnedFd(OwnedFd&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    OwnedFd& operator=(OwnedFd&& other) noexcept;
    int get() const { return fd_; }

private:
    int fd_ = -1;
};

/// Makes the folder, mode 0700, where it is not there. Throws Fault{FileUnavailable}.
void makeDataFolder(const std::string& folder);
/// Makes `file`, empty, mode 0600, where it is not there: SQLite gives its -wal and -shm the same mode.
void makePrivateFile(const std::string& file);
/// The folder itself, which nobody can take away from under its owner, and the file in it at which others look.
struct FolderLock {
    OwnedFd folder, file;
};
/// Takes the folder's lock; held until the descriptors go, also when the process is killed: the kernel's lock is the
/// lease of whatever runs here, so it outlives no process and is never guessed to be old.
/// Throws Fault{ConfigurationBad} with the owner's process id in the hint, Fault{FileUnavailable}.
FolderLock lockDataFolder(const std::string& folder);

/// Durable on return. Throw Fault{FileUnavailable}.
void syncFile(const std::string& file);
void syncFolderOf(const std::string& file);

}  // namespace caseway
