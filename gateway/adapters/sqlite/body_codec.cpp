// gateway/adapters/sqlite/body_codec.cpp - zstd behind the flag byte.
#include "gateway/adapters/sqlite/body_codec.hpp"

#include <cstring>
#include <new>

namespace caseway {
namespace {

constexpr char kPlain = 0;
constexpr char kZstd = 1;
constexpr std::size_t kSmall = 16 * 1024;
constexpr int kLevel = 1;
constexpr int kLevelOfSmall = -5;  ///< a message of 2 KiB: a third of the time of kLevel, two fifths more bytes
constexpr int kMatchOfLines = 6;   ///< 198 ns a line and 39 bytes, where kLevel by itself takes 285 and 39
constexpr int kPlacesOfLines = 10;
constexpr unsigned long long kDecodedMax = 1ULL << 30;

[[noreturn]] void corrupt(const char* what) {
    throw Fault(FaultCode::StoreCorrupt, std::string("stored body: ") + what,
                "stop the gateway and restore the last backup");
}

}  // namespace

ByteView BodyCodec::encode(std::string_view body) {
    return encode(body, {body.size() <= kSmall ? kLevelOfSmall : kLevel});
}

ByteView BodyCodec::encodeLines(std::string_view lines) {
    if (lines.size() <= kSmall) return encode(lines);
    return encode(lines, {kLevel, kMatchOfLines, kPlacesOfLines});
}

ByteView BodyCodec::encode(std::string_view body, const Looking& looking) {
    if (body.size() >= compress_from_) {
        if (!compression_) {
            compression_.reset(ZSTD_createCCtx());
            if (!compression_) throw std::bad_alloc();
        }
        ZSTD_CCtx_setParameter(compression_.get(), ZSTD_c_compressionLevel, looking.level);
        ZSTD_CCtx_setParameter(compression_.get(), ZSTD_c_minMatch, looking.min_match);
        ZSTD_CCtx_setParameter(compression_.get(), ZSTD_c_hashLog, looking.hash_log);
        const std::size_t bound = 1 + ZSTD_compressBound(body.size());
        if (buffer_.size() < bound) buffer_.resize(bound);
        const std::size_t size =
            ZSTD_compress2(compression_.get(), buffer_.data() + 1, buffer_.size() - 1, body.data(), body.size());
        if (!ZSTD_isError(size) && size < body.size()) {
            buffer_[0] = kZstd;
            return bytesOf({buffer_.data(), size + 1});
        }
    }
    if (buffer_.size() < body.size() + 1) buffer_.resize(body.size() + 1);
    buffer_[0] = kPlain;
    if (!body.empty()) std::memcpy(buffer_.data() + 1, body.data(), body.size());
    return bytesOf({buffer_.data(), body.size() + 1});
}

void BodyCodec::decode(std::string_view stored, std::string& body) {
    if (stored.empty()) corrupt("empty");
    const std::string_view data = stored.substr(1);
    if (stored[0] == kPlain) {
        body.assign(data);
        return;
    }
    if (stored[0] != kZstd) corrupt("unknown flag");
    const unsigned long long size = ZSTD_getFrameContentSize(data.data(), data.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kDecodedMax) corrupt("bad frame");
    if (!decompression_) decompression_.reset(ZSTD_createDCtx());
    if (!decompression_) throw std::bad_alloc();
    body.resize(size);
    const std::size_t got =
        ZSTD_decompressDCtx(decompression_.get(), body.data(), body.size(), data.data(), data.size());
    if (ZSTD_isError(got) || got != size) corrupt("broken frame");
}

}  // namespace caseway
