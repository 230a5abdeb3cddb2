// gateway/adapters/plugin/folder_check.cpp - lstat of each path, bounded.
#include "gateway/adapters/plugin/folder_check.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "gateway/ports/connector.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kEntriesMax = 20'000;  ///< of one plug-in, its libraries included
constexpr mode_t kWritableByOthers = S_IWGRP | S_IWOTH;

[[noreturn]] void unsafe(const fs::path& path, const std::string& what, const std::string& next_step) {
    throw ConnectorFault(ConnectorFaultKind::Config, {"connector_folder_unsafe", path.string(), what, next_step});
}

struct stat statusOf(const fs::path& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0)
        unsafe(path, fmt::format("cannot be looked at: {}", std::strerror(errno)), "check the path and its rights");
    return status;
}

void requireOwner(const fs::path& path, const struct stat& status, uid_t owner) {
    if (status.st_uid != 0 && status.st_uid != owner)
        unsafe(path, fmt::format("belongs to user {}", status.st_uid), fmt::format("chown root {}", path.string()));
}

void requireAbove(const fs::path& folder, uid_t owner) {
    fs::path above;
    for (const fs::path& part : folder) {
        above /= part;
        const struct stat status = statusOf(above);
        if (S_ISLNK(status.st_mode)) unsafe(above, "is a link", "name the folder itself");
        if (!S_ISDIR(status.st_mode)) unsafe(above, "is no folder", "name a folder");
        requireOwner(above, status, owner);
        const bool sticky = (status.st_mode & S_ISVTX) != 0 && above != folder;
        if ((status.st_mode & kWritableByOthers) != 0 && !sticky)
            unsafe(above, "others can write in it", fmt::format("chmod go-w {}", above.string()));
    }
}

void requireInside(const fs::path& link, const fs::path& folder) {
    std::error_code error;
    const fs::path target = fs::canonical(link, error);
    const auto [rest, ignored] = std::mismatch(folder.begin(), folder.end(), target.begin(), target.end());
    if (error || rest != folder.end())
        unsafe(link, "is a link that leads out of the plug-in's folder", fmt::format("rm {}", link.string()));
}

}  // namespace

void requireOwnedFolder(const fs::path& folder, uid_t owner) {
    requireAbove(folder, owner);
    std::size_t entries = 0;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        if (++entries > kEntriesMax) unsafe(folder, fmt::format("more than {} files", kEntriesMax), "make it smaller");
        const struct stat status = statusOf(at->path());
        requireOwner(at->path(), status, owner);
        if (S_ISLNK(status.st_mode))
            requireInside(at->path(), folder);
        else if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
            unsafe(at->path(), "is neither a file nor a folder", fmt::format("rm {}", at->path().string()));
        else if ((status.st_mode & kWritableByOthers) != 0)
            unsafe(at->path(), "others can write it", fmt::format("chmod go-w {}", at->path().string()));
    }
    if (error) unsafe(folder, error.message(), "check its rights");
}

}  // namespace caseway
