// gateway/cli/private_file.hpp - a file that a command writes for its caller alone: under a temporary name beside it,
// readable by nobody else, and in its place only when whole.
#pragma once

#include <string>
#include <string_view>

namespace caseway {

class PrivateFile {
public:
    /// Throws Fault{FileUnavailable}, also where `file` is there and no regular file.
    explicit PrivateFile(std::string file);
    /// Without keep() nothing has happened to `file`.
    ~PrivateFile();
    PrivateFile(const PrivateFile&) = delete;
    PrivateFile& operator=(const PrivateFile&) = delete;

    /// Throws Fault{FileUnavailable}: the disk is full or broken.
    void write(std::string_view bytes);
    /// Makes the bytes durable and gives them their name, in place of a former file of that name. Mode 0600.
    void keep();

private:
    std::string file_;
    std::string fresh_;
    int fd_ = -1;
};

}  // namespace caseway
