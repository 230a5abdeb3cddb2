// gateway/adapters/plugin/linkless_open.cpp - openat2 by its system call (glibc does not wrap it). Source: openat2(2).
#include "gateway/adapters/plugin/linkless_open.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace caseway {
namespace {

/// O_PATH with O_NOFOLLOW opens a link itself.
int unlessLink(int opened) noexcept {
    struct stat status {};
    if (opened < 0 || (::fstat(opened, &status) == 0 && !S_ISLNK(status.st_mode))) return opened;
    ::close(opened);
    errno = ELOOP;
    return -1;
}

}  // namespace

int openByParts(const std::filesystem::path& path) noexcept {
    int at = ::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    for (const std::filesystem::path& part : path.relative_path()) {
        if (at < 0 || part.empty()) continue;
        const int next = unlessLink(::openat(at, part.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
        const int error = errno;
        ::close(at);
        errno = error;
        at = next;
    }
    return at;
}

int openWithoutLinks(const std::filesystem::path& path) noexcept {
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC;
    how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    const long opened = ::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how);
    if (opened >= 0 || (errno != ENOSYS && errno != EPERM)) return static_cast<int>(opened);
    return openByParts(path);
}

}  // namespace caseway
