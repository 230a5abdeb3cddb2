// gateway/formats/json/chunk_stream.hpp - the input of the SAX parser: one chunk in memory at a time, checked as UTF-8
// before the parser sees it, ended by a NUL that stands outside the chunk. Private to this folder.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "gateway/base/byte_source.hpp"

namespace caseway {

/// RapidJSON's input stream concept over a ByteSource or over bytes in memory (not copied).
class ChunkStream {
public:
    using Ch = char;

    explicit ChunkStream(ByteSource& source);
    explicit ChunkStream(std::string_view json);
    ChunkStream(const ChunkStream&) = delete;
    ChunkStream& operator=(const ChunkStream&) = delete;

    char Peek() const { return *current_; }
    char Take() {
        const char c = *current_;
        if (++current_ == end_) refill();
        return c;
    }
    std::size_t Tell() const { return base_ + static_cast<std::size_t>(current_ - begin_); }

    /// What is left of the chunk: at least one byte. Then skip up to that many.
    std::string_view rest() const { return {current_, static_cast<std::size_t>(end_ - current_)}; }
    void skip(std::size_t count) {
        current_ += count;
        if (current_ == end_) refill();
    }

    /// True behind the last byte (a NUL inside the text is not the end).
    bool atEnd() const { return at_end_; }
    /// Where the text stops being UTF-8; the stream ends there.
    std::optional<std::size_t> brokenAt() const { return broken_at_; }

    // Only in-place parsing, which is never asked for, would write.
    char* Push(std::size_t) { return nullptr; }
    char* PutBegin() { return nullptr; }
    void Put(char) {}
    void Flush() {}
    std::size_t Length() const { return 0; }
    std::size_t PutEnd(char*) { return 0; }

private:
    void refill();
    void show(const char* begin, std::size_t bytes);
    void end();

    ByteSource* source_ = nullptr;
    std::unique_ptr<char[]> buffer_;
    std::size_t carried_ = 0;  ///< bytes of a cut-off character, kept at the front of the buffer
    const char* begin_ = nullptr;
    const char* current_ = nullptr;
    const char* end_ = nullptr;
    std::size_t base_ = 0;  ///< offset of begin_ in the text
    bool at_end_ = false;
    std::optional<std::size_t> broken_at_;
};

}  // namespace caseway
