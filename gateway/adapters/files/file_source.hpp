// gateway/adapters/files/file_source.hpp - a file on disk as bytes that come piece by piece.
#pragma once

#include <string>

#include "gateway/base/byte_source.hpp"

namespace caseway {

/// One reader at a time. The file is opened at once and stays open: removing its name does not cut it.
class FileSource final : public ByteSource {
public:
    /// Throws Fault{FileUnavailable}.
    explicit FileSource(const std::string& path, bool is_known_utf8 = false);
    ~FileSource() override;
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;

    std::size_t read(std::span<char> buffer) override;
    void rewind() override;
    bool isKnownUtf8() const override { return is_known_utf8_; }

private:
    std::string path_;
    const bool is_known_utf8_;
    int fd_ = -1;
};

}  // namespace caseway
