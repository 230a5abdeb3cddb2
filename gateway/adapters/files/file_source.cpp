// gateway/adapters/files/file_source.cpp - see the header.
#include "gateway/adapters/files/file_source.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "gateway/base/fault.hpp"

namespace caseway {
namespace {

[[noreturn]] void failed(const char* operation, const std::string& path) {
    throw Fault(FaultCode::FileUnavailable,
                fmt::format("{} {}: {}", operation, path, std::generic_category().message(errno)));
}

}  // namespace

FileSource::FileSource(const std::string& path, bool is_known_utf8)
    : path_(path), is_known_utf8_(is_known_utf8), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0) failed("open", path_);
    ::posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL);
}

FileSource::~FileSource() {
    if (fd_ >= 0) ::close(fd_);
}

std::size_t FileSource::read(std::span<char> buffer) {
    while (true) {
        const ssize_t count = ::read(fd_, buffer.data(), buffer.size());
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EINTR) failed("read", path_);
    }
}

void FileSource::rewind() {
    if (::lseek(fd_, 0, SEEK_SET) != 0) failed("rewind", path_);
}

}  // namespace caseway
