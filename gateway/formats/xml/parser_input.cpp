// gateway/formats/xml/parser_input.cpp - one buffer that slides along the source.
#include "gateway/formats/xml/parser_input.hpp"

#include <algorithm>
#include <cstring>

namespace caseway {
namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;

}  // namespace

/// Room for a piece behind what is kept. Bytes that nobody has read yet are not written: most messages need a page of it.
void ParserInput::makeRoom() {
    const std::size_t kept = end_ - begin_;
    if (room_ < kept + kPieceBytes) {
        room_ = 2 * kept + 2 * kPieceBytes;
        auto larger = std::make_unique_for_overwrite<char[]>(room_);
        if (kept != 0) std::memcpy(larger.get(), bytes_.get() + begin_, kept);
        bytes_ = std::move(larger);
    } else if (kept != 0) {
        std::memmove(bytes_.get(), bytes_.get() + begin_, kept);
    }
    end_ = kept;
    begin_ = 0;
}

/// The parser asks once more, not until it has enough: a source that gives little at a time would seem to be at its
/// end.
std::size_t ParserInput::readFully(std::span<char> room) {
    std::size_t filled = 0;
    for (std::size_t got = 0; filled < room.size() && (got = source_.read(room.subspan(filled))) != 0;) filled += got;
    return filled;
}

void ParserInput::fill(std::uint64_t keep) noexcept {
    if (is_over_ || trouble_.any()) {
        is_over_ = true;
        return;
    }
    try {
        const std::uint64_t first = std::clamp(keep, first_, std::min(given_, end()));
        begin_ += static_cast<std::size_t>(first - first_);
        first_ = first;
        if (room_ - end_ < kPieceBytes) makeRoom();
        char* piece = bytes_.get() + end_;
        std::size_t count = trouble_.noteNul({piece, readFully({piece, kPieceBytes})});
        if (!guard_.feed({piece, count})) {
            trouble_.too_wide = true;
            count = 0;
        }
        is_utf8_ = utf8_.feed({piece, count});
        end_ += count;
        is_over_ = count < kPieceBytes;
    } catch (...) {
        failure_ = std::current_exception();
        is_over_ = true;
    }
}

std::size_t ParserInput::give(char* buffer, std::size_t room, std::uint64_t keep) noexcept {
    if (given_ == end()) fill(keep);
    const std::size_t count = std::min<std::size_t>(room, end() - given_);
    if (count != 0) std::memcpy(buffer, bytes_.get() + begin_ + (given_ - first_), count);
    given_ += count;
    return count;
}

std::string_view ParserInput::peek(std::uint64_t from, std::size_t most) noexcept {
    if (from < first_) return {};
    while (!is_over_ && end() < from + most) fill(std::min(from, given_));
    if (from >= end()) return {};
    return {bytes_.get() + begin_ + (from - first_), std::min<std::size_t>(most, end() - from)};
}

}  // namespace caseway
