// gateway/cli/private_file.cpp - see the header.
#include "gateway/cli/private_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "gateway/base/fault.hpp"

namespace caseway {
namespace {

[[noreturn]] void failed(const std::string& file) {
    throw Fault(FaultCode::FileUnavailable,
                fmt::format("cannot write {}: {}", file, std::generic_category().message(errno)),
                "check the rights of the folder and the space on its disk");
}

}  // namespace

PrivateFile::PrivateFile(std::string file) : file_(std::move(file)), fresh_(file_ + ".XXXXXX") {
    std::error_code none;
    if (std::filesystem::exists(file_, none) && !std::filesystem::is_regular_file(file_, none))
        throw Fault(FaultCode::FileUnavailable, file_ + " is no regular file",
                    "name a file, or leave --out away: standard output is taken then");
    fd_ = ::mkstemp(fresh_.data());  // mode 0600
    if (fd_ < 0) failed(file_);
}

PrivateFile::~PrivateFile() {
    if (fd_ < 0) return;
    ::close(fd_);
    ::unlink(fresh_.c_str());
}

void PrivateFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) failed(file_);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void PrivateFile::keep() {
    if (::fsync(fd_) != 0 || ::rename(fresh_.c_str(), file_.c_str()) != 0) failed(file_);
    ::close(fd_);
    fd_ = -1;
}

}  // namespace caseway
