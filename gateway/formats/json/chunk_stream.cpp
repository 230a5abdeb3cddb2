// gateway/formats/json/chunk_stream.cpp - refilling the chunk; a character that a chunk border cuts is carried over.
#include "gateway/formats/json/chunk_stream.hpp"

#include <cstring>

#include "gateway/formats/text/utf8.hpp"

namespace caseway {

namespace {
constexpr std::size_t kChunkBytes = 64 * 1024;
constexpr std::size_t kFirstBytes = 4;  ///< of the text, in the first chunk however the source gives them
constexpr char kNul[2] = {'\0', '\0'};
}  // namespace

ChunkStream::ChunkStream(ByteSource& source)
    : source_(&source), buffer_(std::make_unique_for_overwrite<char[]>(kChunkBytes)) {
    char* const front = buffer_.get();
    show(front, 0);
    for (std::size_t read = 1; read != 0 && carried_ < kFirstBytes; carried_ += read)
        read = source.read({front + carried_, kFirstBytes - carried_});
    refill();
}

ChunkStream::ChunkStream(std::string_view json) {
    const Utf8Prefix prefix = utf8Prefix(json);
    if (prefix.valid != json.size()) broken_at_ = prefix.valid;
    if (prefix.valid == 0) {
        end();
    } else {
        show(json.data(), prefix.valid);
    }
}

void ChunkStream::show(const char* begin, std::size_t bytes) {
    begin_ = current_ = begin;
    end_ = begin + bytes;
}

void ChunkStream::end() {
    at_end_ = true;
    show(kNul, 1);
}

void ChunkStream::refill() {
    if (at_end_) {
        current_ = begin_;
        return;
    }
    base_ += static_cast<std::size_t>(end_ - begin_);
    if (source_ == nullptr || broken_at_) {
        end();
        return;
    }
    char* const front = buffer_.get();
    if (carried_ != 0) std::memmove(front, end_, carried_);
    while (true) {
        const std::size_t read = source_->read({front + carried_, kChunkBytes - carried_});
        const std::size_t filled = carried_ + read;
        const Utf8Prefix prefix = utf8Prefix({front, filled});
        carried_ = filled - prefix.valid;
        if (prefix.broken || (read == 0 && carried_ != 0)) broken_at_ = base_ + prefix.valid;
        if (prefix.valid != 0) return show(front, prefix.valid);
        if (read == 0 || broken_at_) return end();
    }
}

}  // namespace caseway
