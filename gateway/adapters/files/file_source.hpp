// gateway/adapters/files/file_source.hpp - a file on disk as bytes that come piece by piece.
#pragma once

#include <string>

#include "gateway/base/byte_source.hpp"

namespace caseway {

/// One reader at a time. The file is opened at once and stays open: removing its name does not cut it.
class FileSource final : public ByteSource {
public:
    /// Throws Fault{FileUnavailable}.
    explicit FileSource(const std::string& path);
    ~FileSource() override;
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;

    std::size_t read(std::span<char> buffer) override;
    void rewind() override;

private:
    std::string path_;
    int fd_ = -1;
};

}  // namespace caseway
