// gateway/adapters/files/payload_folder.cpp - see the header.
#include "gateway/adapters/files/payload_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <vector>

#include "gateway/adapters/files/file_source.hpp"
#include "gateway/base/check.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/formats/crypto/digest.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

/// The disk takes them while more is written: a payload of half a gigabyte is not waited for at its end.
constexpr std::uint64_t kBytesBegun = 8 * 1024 * 1024;
constexpr std::size_t kRemembered = 64;  ///< names of bodies that are UTF-8

[[noreturn]] void failed(const char* operation, const std::string& path, int error) {
    throw Fault(FaultCode::FileUnavailable,
                fmt::format("{} {}: {}", operation, path, std::generic_category().message(error)),
                error == ENOSPC ? "the disk is full: free space on the data folder's file system"
                                : "check owner and permissions of the data folder");
}

void makeFolder(const std::string& path) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) failed("make", path, errno);
}

void syncFolder(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = fd >= 0 && ::fsync(fd) == 0;
    const int error = errno;
    if (fd >= 0) ::close(fd);
    if (!synced) failed("sync", path, error);
}

/// "ab/ab…": two hex digits, a slash, 64 hex digits that begin with them. Nothing else ever becomes a path.
bool isBodyName(std::string_view name) {
    Sha256 digest;
    return name.size() == 67 && name[2] == '/' && name.substr(0, 2) == name.substr(3, 2) &&
           fromHex(name.substr(3), digest.bytes) && toHex(digest.bytes) == name.substr(3);
}

std::string nameOf(const Sha256& digest) {
    const std::string hex = toHex(digest.bytes);
    return hex.substr(0, 2) + "/" + hex;
}

std::vector<std::string> bodiesIn(const std::string& root) {
    std::vector<std::string> names;
    for (const auto& folder : fs::directory_iterator(root)) {
        const std::string prefix = folder.path().filename().string();
        if (prefix.size() != 2 || !folder.is_directory()) continue;
        for (const auto& file : fs::directory_iterator(folder.path())) {
            std::string name = prefix + "/" + file.path().filename().string();
            if (isBodyName(name)) names.push_back(std::move(name));
        }
    }
    return names;
}

/// A link in a folder that somebody else may have written would carry any file of this machine into the copy.
void requireBody(const std::string& root, const std::string& name) {
    const bool is_own = fs::is_directory(fs::symlink_status(root + "/" + name.substr(0, 2))) &&
                        fs::is_regular_file(fs::symlink_status(root + "/" + name));
    if (!is_own)
        throw Fault(FaultCode::FileUnavailable, fmt::format("{}/{}: no regular file", root, name),
                    "a payload folder holds regular files only: take a copy of the backup that was not touched");
}

/// The digest of a file whose pieces `take` gets.
template <class Take>
Sha256 passOn(const std::string& path, Take take) {
    FileSource source(path);
    Sha256Stream stream;
    std::vector<char> buffer(256 * 1024);
    while (const std::size_t count = source.read(buffer)) {
        const std::string_view piece(buffer.data(), count);
        stream.update(piece);
        take(piece);
    }
    return stream.finish();
}

}  // namespace

SpoolFile::SpoolFile(std::string root, std::string path) : root_(std::move(root)), path_(std::move(path)) {
    fd_ = ::mkostemp(path_.data(), O_CLOEXEC);  // mode 0600
    if (fd_ < 0) failed("make", path_, errno);
}

SpoolFile::~SpoolFile() {
    remove();
}

void SpoolFile::remove() {
    if (fd_ < 0) return;
    ::close(fd_);
    ::unlink(path_.c_str());
    fd_ = -1;
}

void SpoolFile::write(std::string_view bytes) {
    CASEWAY_CHECK(fd_ >= 0);
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) failed("write", path_, errno);
        bytes.remove_prefix(static_cast<std::size_t>(count));
        size_ += static_cast<std::uint64_t>(count);
    }
    if (size_ - begun_ < kBytesBegun) return;
    // A wish: what it fails of, finish() tells.
    ::sync_file_range(fd_, static_cast<off64_t>(begun_), static_cast<off64_t>(size_ - begun_), SYNC_FILE_RANGE_WRITE);
    begun_ = size_;
}

std::unique_ptr<ByteSource> SpoolFile::source() const {
    return std::make_unique<FileSource>(path_);
}

std::string SpoolFile::finish(const Sha256& digest) {
    CASEWAY_CHECK(fd_ >= 0);
    if (::fdatasync(fd_) != 0) failed("sync", path_, errno);
    const std::string name = nameOf(digest);
    const std::string folder = root_ + "/" + name.substr(0, 2);
    makeFolder(folder);
    syncFolder(root_);
    // The rename replaces a body of the same digest, so of the same bytes, and whole; one that was damaged is healed by
    // it.
    if (::rename(path_.c_str(), (root_ + "/" + name).c_str()) != 0) failed("name", path_, errno);
    path_ = root_ + "/" + name;  // a page that is taken once more is read once more
    ::close(fd_);
    fd_ = -1;
    syncFolder(folder);
    return name;
}

PayloadFolder::PayloadFolder(std::string root) : root_(std::move(root)) {
    makeFolder(root_);
    makeFolder(root_ + "/spool");
    syncFolder(root_);
}

std::unique_ptr<SpoolFile> PayloadFolder::create() {
    return std::unique_ptr<SpoolFile>(new SpoolFile(root_, root_ + "/spool/XXXXXX"));
}

std::unique_ptr<ByteSource> PayloadFolder::open(std::string_view name) const {
    if (!isBodyName(name))
        throw Fault(FaultCode::StoreCorrupt, "payload: not the name of a body", "restore the last backup");
    return std::make_unique<FileSource>(root_ + "/" + std::string(name), isKnownUtf8(name));
}

void PayloadFolder::foundUtf8(const std::string& name) {
    const std::lock_guard lock(mutex_);
    utf8_.push_front(name);
    if (utf8_.size() > kRemembered) utf8_.pop_back();
}

bool PayloadFolder::isKnownUtf8(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    return std::find(utf8_.begin(), utf8_.end(), name) != utf8_.end();
}

bool PayloadFolder::contains(std::string_view name) const {
    std::error_code ignored;
    return isBodyName(name) && fs::is_regular_file(root_ + "/" + std::string(name), ignored);
}

std::size_t PayloadFolder::removeOrphans(const std::function<bool(const std::string& name)>& is_named) {
    std::size_t removed = 0;
    try {
        for (const auto& file : fs::directory_iterator(root_ + "/spool")) removed += fs::remove(file.path()) ? 1 : 0;
        for (const std::string& name : bodiesIn(root_)) {
            if (!is_named(name)) removed += fs::remove(root_ + "/" + name) ? 1 : 0;
        }
    } catch (const fs::filesystem_error& error) {
        failed("clean", root_, error.code().value());
    }
    return removed;
}

std::vector<std::string> PayloadFolder::copyTo(PayloadFolder& target) const try {
    const std::vector<std::string> names = bodiesIn(root_);
    for (const std::string& name : names) requireBody(root_, name);
    std::vector<std::string> damaged;
    for (const std::string& name : names) {
        if (target.holdsWhole(name)) continue;
        const auto copy = target.create();
        const Sha256 digest = passOn(root_ + "/" + name, [&](std::string_view piece) { copy->write(piece); });
        if (nameOf(digest) == name)
            copy->finish(digest);
        else
            damaged.push_back(name);
    }
    return damaged;
} catch (const fs::filesystem_error& error) {
    failed("copy", root_, error.code().value());
}

bool PayloadFolder::holdsWhole(const std::string& name) const {
    if (!contains(name)) return false;
    try {
        return nameOf(passOn(root_ + "/" + name, [](std::string_view) {})) == name;
    } catch (const Fault&) {
        return false;  // a medium that cannot be read any more
    }
}

void PayloadFolder::keepIn(const std::string& folder) const try {
    const std::vector<std::string> names = bodiesIn(root_);
    if (names.empty()) return;
    PayloadFolder target(folder);
    for (const std::string& name : names) {
        makeFolder(folder + "/" + name.substr(0, 2));
        std::error_code error;
        fs::create_hard_link(root_ + "/" + name, folder + "/" + name, error);
        if (error && error != std::errc::file_exists) return static_cast<void>(copyTo(target));
    }
    for (const std::string& name : names) syncFolder(folder + "/" + name.substr(0, 2));
    syncFolder(folder);
} catch (const fs::filesystem_error& error) {
    failed("keep", root_, error.code().value());
}

}  // namespace caseway
