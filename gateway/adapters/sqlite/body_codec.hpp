// gateway/adapters/sqlite/body_codec.hpp - a body as it lies in the database: one flag byte, then the bytes, zstd'ed
// where that is smaller. Flag 0: as they are; 1: one zstd frame with its content size. Format and figures:
// docs/decisions/0005-sqlite-raw-api.md.
#pragma once

#include <string>
#include <string_view>

#include "gateway/adapters/sqlite/sqlite_handles.hpp"
#include "gateway/base/bytes.hpp"

namespace caseway {

/// Keeps its contexts and its buffer; one per connection, never shared.
class BodyCodec {
public:
    /// Bodies shorter than `compress_from` bytes stay as they are: below it compression costs more than it saves.
    explicit BodyCodec(std::size_t compress_from) : compress_from_(compress_from) {}
    /// The stored form; the view lives until the next call.
    ByteView encode(std::string_view body);
    /// The same of outcome lines: digests in hex between what repeats itself line after line, which is found with less
    /// looking. A third of encode()'s time less, for no more bytes.
    ByteView encodeLines(std::string_view lines);
    /// Throws Fault{StoreCorrupt} on an unknown flag or a broken frame.
    std::string decode(std::string_view stored) {
        std::string body;
        decode(stored, body);
        return body;
    }
    /// The same into a text that keeps its memory.
    void decode(std::string_view stored, std::string& body);

private:
    /// What repeats itself is looked for by so many bytes, in a table of 2^`hash_log` places; 0: as the level has it.
    struct Looking {
        int level;
        int min_match = 0;
        int hash_log = 0;
    };
    ByteView encode(std::string_view body, const Looking& looking);

    std::size_t compress_from_;
    CompressionHandle compression_;
    DecompressionHandle decompression_;
    std::string buffer_;
};

}  // namespace caseway
