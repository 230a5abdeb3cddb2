// gateway/formats/text/decode.cpp - a payload read as UTF-8 whatever it is written in, chunk by chunk, strictly.
#include <array>
#include <cstring>
#include <limits>

#include "gateway/base/check.hpp"
#include "gateway/formats/text/decoder.hpp"
#include "gateway/formats/text/encoding.hpp"

namespace caseway {

namespace {

constexpr std::size_t kChunkBytes = 64 * 1024;
constexpr std::size_t kSmallestOut = 32;  ///< what a Decoder asks for
constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

/// Reads and drops the byte order mark.
void skipMark(ByteSource& source, std::size_t bytes) {
    std::array<char, 4> mark{};
    CASEWAY_CHECK(bytes <= mark.size());
    std::size_t read = 0;
    while (read < bytes) {
        const std::size_t count = source.read({mark.data(), bytes - read});
        if (count == 0) return;
        read += count;
    }
}

/// For a label that is none of ours: no byte is a character.
class NoDecoder final : public Decoder {
public:
    Step decode(std::string_view in, std::span<char>, bool) override { return {.broken = !in.empty()}; }
    void reset() override {}
};

std::unique_ptr<Decoder> decoderOf(std::string_view given) {
    // Only names of our own table go on: a caller may have taken the label from elsewhere.
    const std::string label = canonicalEncoding(given);
    if (label.empty()) return std::make_unique<NoDecoder>();
    return label == "GB18030" ? makeGb18030Decoder() : makeIconvDecoder(label);
}

class PassingSource final : public Utf8Source {
public:
    PassingSource(ByteSource& source, std::size_t mark) : source_(source), mark_(mark) {}
    std::size_t read(std::span<char> buffer) override {
        if (!begun_) {
            begun_ = true;
            skipMark(source_, mark_);
        }
        return source_.read(buffer);
    }
    void rewind() override {
        source_.rewind();
        begun_ = false;
    }
    std::size_t failedAt() const override { return kNowhere; }
    bool isCutOff() const override { return false; }

private:
    ByteSource& source_;
    std::size_t mark_;
    bool begun_ = false;
};

class DecodingSource final : public Utf8Source {
public:
    DecodingSource(ByteSource& source, std::unique_ptr<Decoder> decoder, std::size_t mark)
        : source_(source),
          decoder_(std::move(decoder)),
          mark_(mark),
          in_(std::make_unique_for_overwrite<char[]>(kChunkBytes)) {}

    std::size_t read(std::span<char> buffer) override {
        if (buffer.empty()) return 0;
        if (spare_at_ == spare_end_) {
            if (buffer.size() >= kSmallestOut) return decode(buffer);
            spare_at_ = 0;
            spare_end_ = decode(spare_);
        }
        const std::size_t count = std::min(buffer.size(), spare_end_ - spare_at_);
        std::memcpy(buffer.data(), spare_.data() + spare_at_, count);
        spare_at_ += count;
        return count;
    }
    void rewind() override {
        source_.rewind();
        decoder_->reset();
        begun_ = ended_ = cut_off_ = false;
        at_ = filled_ = spare_at_ = spare_end_ = 0;
        failed_at_ = kNowhere;
    }
    std::size_t failedAt() const override { return failed_at_; }
    bool isCutOff() const override { return cut_off_; }

private:
    void refill() {
        if (!begun_) {
            begun_ = true;
            skipMark(source_, mark_);
            base_ = mark_;
        }
        std::memmove(in_.get(), in_.get() + at_, filled_ - at_);
        base_ += at_;
        filled_ -= at_;
        at_ = 0;
        const std::size_t count = source_.read({in_.get() + filled_, kChunkBytes - filled_});
        ended_ = count == 0;
        filled_ += count;
    }

    std::size_t decode(std::span<char> out) {
        if (failed_at_ != kNowhere) return 0;
        if (!begun_) refill();
        while (true) {
            const Decoder::Step step = decoder_->decode({in_.get() + at_, filled_ - at_}, out, ended_);
            at_ += step.consumed;
            if (step.written != 0) return step.written;
            cut_off_ = !step.broken && ended_ && at_ != filled_;
            if (step.broken || cut_off_) failed_at_ = base_ + at_;
            if (step.broken || ended_) return 0;
            refill();
        }
    }

    ByteSource& source_;
    std::unique_ptr<Decoder> decoder_;
    std::size_t mark_;
    std::unique_ptr<char[]> in_;
    std::size_t at_ = 0;
    std::size_t filled_ = 0;
    std::size_t base_ = 0;  ///< offset of in_ in the source
    bool begun_ = false;
    bool ended_ = false;
    bool cut_off_ = false;
    std::size_t failed_at_ = kNowhere;
    std::array<char, kSmallestOut> spare_{};  ///< for readers that take less at a time than a decoder gives
    std::size_t spare_at_ = 0;
    std::size_t spare_end_ = 0;
};

}  // namespace

std::unique_ptr<Utf8Source> decodeToUtf8(ByteSource& source, const FoundEncoding& encoding) {
    if (encoding.label == "UTF-8") return std::make_unique<PassingSource>(source, encoding.bom_bytes);
    return std::make_unique<DecodingSource>(source, decoderOf(encoding.label), encoding.bom_bytes);
}

}  // namespace caseway
