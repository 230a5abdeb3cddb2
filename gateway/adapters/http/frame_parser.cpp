// gateway/adapters/http/frame_parser.cpp - see frame_parser.hpp.
#include "gateway/adapters/http/frame_parser.hpp"

#include <algorithm>

namespace caseway {
namespace {

constexpr std::size_t kLengthBytes = 4;

std::uint32_t bigEndian(std::string_view bytes) {
    std::uint32_t number = 0;
    for (const char byte : bytes.substr(0, kLengthBytes)) number = number << 8 | static_cast<unsigned char>(byte);
    return number;
}

}  // namespace

FrameParser::FrameParser() {
    head_.method = "POST";
    head_.target = "/frame";
}

FrameParser::Step FrameParser::parse(std::string_view bytes, BodyReceiver& receiver) {
    if (!head_ready_) {
        if (bytes.size() < kLengthBytes) return {0, State::NeedsMore};
        left_ = bigEndian(bytes);
        if (left_ == 0) {
            refusal_ = {HttpRefusal::BadContentLength, 0, "an empty frame"};
            return {0, State::Refused};
        }
        head_.content_length = left_;
        head_ready_ = true;
        return {kLengthBytes, State::HeadReady};
    }
    const std::size_t taken = std::min<std::size_t>(left_, bytes.size());
    left_ -= static_cast<std::uint32_t>(taken);
    if (taken != 0) receiver.bodyPiece(bytes.substr(0, taken));
    return {taken, left_ == 0 ? State::Complete : State::NeedsMore};
}

}  // namespace caseway
