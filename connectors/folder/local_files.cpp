// connectors/folder/local_files.cpp - openat and its kin.
#include "connectors/folder/local_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include "connectors/sdk/exchange_folder/name_pattern.hpp"
#include "connectors/sdk/faults.hpp"

namespace caseway {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;
constexpr mode_t kFileMode = 0640;  ///< the folder's group is the department

/// Rights, links and missing folders are for people; the rest may pass.
ConnectorFault faultOf(int error, const std::string& where, const std::string& what) {
    const std::string reason = fmt::format("{}: {}", what, std::generic_category().message(error));
    switch (error) {
        case ENOENT:
            return configFault("folder_not_usable", where, reason, "make the folder, or correct the path");
        case ENOTDIR:
        case ELOOP:
            return configFault("folder_not_usable", where, reason + " (a part of the path is a link or no folder)",
                               "give the real path: links are never followed");
        case EACCES:
        case EPERM:
            return configFault("folder_not_usable", where, reason, "give the gateway's user the right to it");
        case EROFS:
            return configFault(
                "folder_not_usable", where, reason,
                "as a service the gateway writes where its unit lets it: ReadWritePaths= for this folder");
        case EXDEV:
            return configFault("folder_not_usable", where, reason, "put both folders on one file system");
        default:
            return transientFault("files_failed", where, reason, "look at the disk or the network share");
    }
}

/// `folder_owner`: a file of ours in a folder of another's was linked there, whatever became of its first name.
FileEntry entryOf(std::string name, const struct stat& found, uid_t folder_owner) {
    const uid_t own = ::geteuid();
    const auto ns = [](const timespec& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; };
    return {.name = std::move(name),
            .bytes = static_cast<std::uint64_t>(found.st_size),
            .modified_ns = ns(found.st_mtim),
            .touched_ns = std::max(ns(found.st_mtim), ns(found.st_ctim)),
            .inode = found.st_ino,
            .names = S_ISREG(found.st_mode) ? found.st_nlink : 1,
            .foreign = found.st_uid == own && folder_owner != own,
            .regular = S_ISREG(found.st_mode),
            .folder = S_ISDIR(found.st_mode)};
}

class LocalReader final : public FileReader {
public:
    LocalReader(Descriptor file, std::string name, std::string where, uid_t folder_owner)
        : file_(std::move(file)),
          name_(std::move(name)),
          where_(std::move(where)),
          piece_(kPieceBytes, '\0'),
          folder_owner_(folder_owner) {}
    FileEntry entry() override {
        struct stat found {};
        if (::fstat(file_.get(), &found) != 0) throw faultOf(errno, where_, "fstat");
        return entryOf(name_, found, folder_owner_);
    }
    std::string_view next() override {
        ssize_t got = 0;
        do got = ::read(file_.get(), piece_.data(), piece_.size());
        while (got < 0 && errno == EINTR);
        if (got < 0)
            throw transientFault("files_failed", where_, std::generic_category().message(errno), "look at the disk");
        return {piece_.data(), static_cast<std::size_t>(got)};
    }

private:
    Descriptor file_;
    std::string name_;
    std::string where_;
    std::string piece_;
    uid_t folder_owner_;
};

/// Every part of the path without following a link.
Descriptor walk(const std::string& path) {
    Descriptor at(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    for (std::size_t begin = 1; begin < path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        const std::string part = path.substr(begin, end - begin);
        const int mode = end == path.size() ? O_RDONLY : O_PATH;
        Descriptor next(::openat(at.get(), part.c_str(), mode | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!next) throw faultOf(errno, path, "cannot be opened");
        at = std::move(next);
        begin = end + 1;
    }
    return at;
}

void writeWhole(int file, std::string_view bytes, const std::string& where) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw faultOf(errno, where, "cannot be written");
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file) != 0) throw faultOf(errno, where, "cannot be made durable");
}

/// One rename that never overwrites. Where the file system cannot say so, a second name and then the first one's end.
/// 0 or errno.
int renameTo(int from, const std::string& name, int to, const std::string& new_name) {
    if (::renameat2(from, name.c_str(), to, new_name.c_str(), RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    if (::linkat(from, name.c_str(), to, new_name.c_str(), 0) != 0) return errno;
    return ::unlinkat(from, name.c_str(), 0) == 0 ? 0 : errno;
}

}  // namespace

void LocalFiles::begin(const CallBudget&) {
    for (Descriptor& folder : folders_) folder = Descriptor();
}

int LocalFiles::folder(Place place) {
    Descriptor& folder = folders_[static_cast<std::size_t>(place)];
    if (!folder) {
        folder = walk(pathOf(place));
        struct stat facts {};
        if (::fstat(folder.get(), &facts) != 0) throw faultOf(errno, pathOf(place), "cannot be looked at");
        owners_[static_cast<std::size_t>(place)] = facts.st_uid;
    }
    return folder.get();
}

void LocalFiles::list(Place place, const std::function<bool(FileEntry)>& each) {
    // A description of its own: a directory's position belongs to the description.
    Descriptor own(::openat(folder(place), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!own) throw faultOf(errno, pathOf(place), "cannot be listed");
    const auto close = [](DIR* stream) { ::closedir(stream); };
    const std::unique_ptr<DIR, decltype(close)> stream(::fdopendir(own.get()), close);
    if (!stream) throw faultOf(errno, pathOf(place), "cannot be listed");
    own.release();
    while (true) {
        errno = 0;
        const dirent* found = ::readdir(stream.get());
        if (found == nullptr && errno != 0) throw faultOf(errno, pathOf(place), "cannot be listed");
        if (found == nullptr) return;
        if (std::optional<FileEntry> entry = look(place, found->d_name))
            if (!each(std::move(*entry))) return;
    }
}

std::optional<FileEntry> LocalFiles::look(Place place, const std::string& name) {
    struct stat found {};
    if (::fstatat(folder(place), name.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0)
        return entryOf(name, found, owners_[static_cast<std::size_t>(place)]);
    if (errno == ENOENT) return std::nullopt;
    throw faultOf(errno, pathOf(place) + "/" + shownName(name), "cannot be looked at");
}

std::unique_ptr<FileReader> LocalFiles::open(Place place, const std::string& name) {
    const std::string where = pathOf(place) + "/" + shownName(name);
    // O_NONBLOCK: a pipe that took the name must not hold the call.
    Descriptor file(::openat(folder(place), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file && (errno == ENOENT || errno == ELOOP || errno == ENXIO)) return nullptr;
    if (!file) throw faultOf(errno, where, "cannot be opened");
    auto reader = std::make_unique<LocalReader>(std::move(file), name, where, owners_[static_cast<std::size_t>(place)]);
    if (!reader->entry().regular) return nullptr;
    return reader;
}

FileSide::Moved LocalFiles::move(Place from, const std::string& name, Place to, const std::string& new_name) {
    const int source = folder(from);
    switch (const int error = renameTo(source, name, folder(to), new_name)) {
        case 0:
            return Moved::Done;
        case ENOENT:
            return Moved::Gone;
        case EEXIST:
            return Moved::TargetExists;
        default:
            throw faultOf(error, pathOf(to), "`" + shownName(name) + "` cannot be moved there");
    }
}

bool LocalFiles::create(Place place, const std::string& name, std::string_view bytes) {
    if (look(place, name)) return false;
    const std::string where = pathOf(place) + "/" + shownName(name);
    const std::string part = "." + name + ".part";  // no pattern reads it; one that a crash left is begun again
    ::unlinkat(folder(place), part.c_str(), 0);
    const Descriptor file(
        ::openat(folder(place), part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode));
    if (!file) throw faultOf(errno, where, "cannot be made");
    ::fchmod(file.get(), kFileMode);  // a service has an umask of its own; where no modes are, there is nothing to set
    int error = 0;
    try {
        writeWhole(file.get(), bytes, where);
        error = renameTo(folder(place), part, folder(place), name);
        if (error == 0 && ::fsync(folder(place)) != 0) error = errno;
    } catch (...) {
        ::unlinkat(folder(place), part.c_str(), 0);
        throw;
    }
    if (error == 0) return true;
    ::unlinkat(folder(place), part.c_str(), 0);
    if (error == EEXIST) return false;
    throw faultOf(error, where, "cannot be given its name");
}

CheckStep LocalFiles::checkPlace(Place place) {
    const bool is_in = place == Place::In;
    const bool moves = is_in && !(pathOf(Place::Archive).empty() && pathOf(Place::Error).empty());
    CheckStep step{.name = fmt::format("open {}", pathOf(place))};
    const int opened = folder(place);
    const int rights = X_OK | (is_in ? R_OK : W_OK) | (moves ? W_OK : 0);
    if (::faccessat(opened, ".", rights, AT_EACCESS) != 0)
        throw faultOf(errno, pathOf(place), is_in ? "cannot be listed and changed" : "cannot be written");
    struct stat here {};
    struct stat in {};
    const bool must_be_near = place == Place::Archive || place == Place::Error;
    if (must_be_near && ::fstat(opened, &here) == 0 && ::fstat(folder(Place::In), &in) == 0 && here.st_dev != in.st_dev)
        throw faultOf(EXDEV, pathOf(place), "files cannot be renamed into it");
    step.good = true;
    step.detail = is_in ? "can be read" : "can be written";
    struct stat sticky {};
    if (moves && ::fstat(opened, &sticky) == 0 && (sticky.st_mode & S_ISVTX) != 0 && sticky.st_uid != ::geteuid() &&
        ::geteuid() != 0)
        step.detail +=
            "; but it is sticky and another user's: only files of the gateway's own user can be moved out of it "
            "(chmod -t, or give the folder to that user)";
    return step;
}

std::vector<CheckStep> LocalFiles::check(const std::vector<Place>& places) {
    std::vector<CheckStep> steps;
    for (const Place place : places) {
        try {
            steps.push_back(checkPlace(place));
        } catch (const ConnectorFault& fault) {
            const ConnectorFault::Parts& parts = fault.parts();
            steps.push_back({"open " + pathOf(place), false,
                             fmt::format("{}, {}: {}", parts.code, parts.where, parts.message), parts.next_step});
            return steps;
        }
    }
    return steps;
}

}  // namespace caseway
