// gateway/formats/text/broken_utf8.cpp - characters counted byte by byte; only a text that is no UTF-8 is looked at.
#include "gateway/formats/text/broken_utf8.hpp"

#include <memory>

namespace caseway {
namespace {

constexpr std::size_t kChunkBytes = 64 * 1024;
constexpr std::size_t kEnoughHan = 3;

class Characters {
public:
    void feed(unsigned char byte) {
        const bool continues = byte >= 0x80 && byte < 0xC0;
        if (wanted_ != 0 && continues) {
            if (--wanted_ == 0 && is_han_) ++han_;
            return;
        }
        if (continues || byte > 0xF4 || (wanted_ != 0 && byte >= 0x80)) only_cut_ = false;
        wanted_ = byte < 0xC0 || byte > 0xF4 ? 0 : byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
        is_han_ = byte >= 0xE3 && byte <= 0xE9;  // U+3000 to U+9FFF
    }
    bool areEnough() const { return han_ >= kEnoughHan; }
    bool areOnlyCut() const { return only_cut_; }

private:
    unsigned wanted_ = 0;  ///< bytes that the character still lacks
    bool is_han_ = false;
    bool only_cut_ = true;  ///< every byte belongs to a character that is whole or cut before a sign of ASCII
    std::size_t han_ = 0;
};

}  // namespace

bool isBrokenUtf8(ByteSource& source, std::size_t broken_at) {
    const auto owned = std::make_unique_for_overwrite<char[]>(kChunkBytes);
    const std::span<char> buffer(owned.get(), kChunkBytes);
    Characters seen;
    std::size_t at = 0;
    source.rewind();
    while (const std::size_t count = source.read(buffer)) {
        for (const char c : buffer.first(count)) {
            if (at <= broken_at && seen.areEnough()) return true;
            if (at > broken_at && !seen.areOnlyCut()) return false;
            ++at;
            seen.feed(static_cast<unsigned char>(c));
        }
    }
    return seen.areOnlyCut() && seen.areEnough();
}

}  // namespace caseway
