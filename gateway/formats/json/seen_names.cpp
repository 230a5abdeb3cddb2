// gateway/formats/json/seen_names.cpp - few names are compared with each other, many are sorted when their object ends.
#include "gateway/formats/json/seen_names.hpp"

#include <algorithm>
#include <numeric>

namespace caseway {

namespace {
constexpr std::size_t kWide = 32;        ///< more names than this are sorted
constexpr std::size_t kUsualNames = 16;  ///< with their bytes: room for them is made at once
constexpr std::size_t kUsualBytes = 256;
constexpr std::size_t kRememberedBytes = 64 * 1024;  ///< a frame larger than this is not kept for the next object
}  // namespace

void SeenNames::open() {
    if (open_ == frames_.size()) frames_.emplace_back();
    top_ = &frames_[open_++];
    top_->count = 0;
    top_->follows = true;
}

std::uint64_t SeenNames::markOf(std::string_view name) {
    if (name.empty()) return 1;
    const auto first = static_cast<unsigned char>(name.front());
    const auto last = static_cast<unsigned char>(name.back());
    const auto middle = static_cast<unsigned char>(name[name.size() / 2]);
    return std::uint64_t{1} << ((first * 7U + last * 13U + middle * 29U + name.size()) & 63U);
}

void SeenNames::diverge(Frame& frame) {
    frame.follows = false;
    const std::size_t bytes = frame.count == 0 ? 0 : frame.names[frame.count - 1].end;
    kept_bytes_ -= frame.bytes.size() - bytes + (frame.names.size() - frame.count) * sizeof(Name);
    frame.bytes.resize(bytes);
    frame.names.resize(frame.count);
    frame.plain = std::min(frame.plain, frame.count);
    frame.marks = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(frame.count, kWide); ++i) frame.marks |= markOf(frame.name(i));
}

SeenNames::Verdict SeenNames::add(std::string_view name, bool is_plain) {
    Frame& frame = *top_;
    if (frame.follows) {
        if (frame.count < frame.names.size() && sameText(frame.name(frame.count), name)) {
            ++frame.count;
            return Verdict::Fresh;
        }
        diverge(frame);
    }
    if (frame.count < kWide) {
        const std::uint64_t mark = markOf(name);
        if ((frame.marks & mark) != 0) {
            for (std::size_t i = 0; i < frame.count; ++i) {
                if (frame.name(i) == name) return Verdict::Twice;
            }
        }
        frame.marks |= mark;
    }
    const std::size_t cost = name.size() + sizeof(Name);
    if (cost > most_bytes_ || kept_bytes_ > most_bytes_ - cost) return Verdict::TooMany;
    kept_bytes_ += cost;
    if (frame.names.capacity() == 0) {
        frame.names.reserve(kUsualNames);
        frame.bytes.reserve(kUsualBytes);
    }
    const auto begin = static_cast<std::uint32_t>(frame.bytes.size());
    frame.bytes.append(name);
    frame.names.push_back({begin, static_cast<std::uint32_t>(frame.bytes.size()), 0});
    if (is_plain && frame.plain == frame.count) ++frame.plain;
    ++frame.count;
    return Verdict::Fresh;
}

SeenNames::Verdict SeenNames::close() {
    Frame& frame = *top_;
    top_ = --open_ == 0 ? nullptr : &frames_[open_ - 1];
    if (frame.follows) return Verdict::Fresh;
    if (frame.count > kWide && isTwiceInWide(frame)) return Verdict::Twice;
    if (frame.bytes.size() > kRememberedBytes) {
        kept_bytes_ -= frame.bytes.size() + frame.names.size() * sizeof(Name);
        frame = Frame{};
    }
    return Verdict::Fresh;
}

bool SeenNames::isTwiceInWide(const Frame& frame) {
    order_.resize(frame.count);
    std::iota(order_.begin(), order_.end(), 0U);
    std::sort(order_.begin(), order_.end(),
              [&](std::uint32_t a, std::uint32_t b) { return frame.name(a) < frame.name(b); });
    return std::adjacent_find(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
               return frame.name(a) == frame.name(b);
           }) != order_.end();
}

}  // namespace caseway
