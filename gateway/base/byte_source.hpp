// gateway/base/byte_source.hpp - bytes that come piece by piece: a spooled body, a file, a string in a test.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>

namespace caseway {

class ByteSource {
public:
    virtual ~ByteSource() = default;
    /// Fills `buffer` from its front; returns the number of bytes, 0 only at the end. Throws Fault{FileUnavailable}.
    virtual std::size_t read(std::span<char> buffer) = 0;
    /// Starts again at the first byte. Throws Fault{FileUnavailable}.
    virtual void rewind() = 0;
    /// All of it is strict UTF-8, as somebody found who has read it before. False: nobody has, or it is not.
    virtual bool isKnownUtf8() const { return false; }
};

/// Bytes that are in memory already; the view must outlive the source.
class MemorySource final : public ByteSource {
public:
    explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}
    std::size_t read(std::span<char> buffer) override {
        const std::size_t count = std::min(buffer.size(), bytes_.size() - at_);
        if (count != 0) std::memcpy(buffer.data(), bytes_.data() + at_, count);
        at_ += count;
        return count;
    }
    void rewind() override { at_ = 0; }

private:
    std::string_view bytes_;
    std::size_t at_ = 0;
};

}  // namespace caseway
