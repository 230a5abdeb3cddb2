// gateway/adapters/http/frame_parser.hpp - requests as frames: four bytes of length, big-endian, then so many bytes.
// What is in them is the handler's matter. Source: Apache Thrift, doc/specs/thrift-rpc.md, "Framed transport".
#pragma once

#include "gateway/adapters/http/stream_parser.hpp"

namespace caseway {

/// The head of every frame is the same: POST /frame, with its length. Its largest length is the handler's plan; an
/// empty frame is refused.
class FrameParser final : public StreamParser {
public:
    FrameParser();
    Step parse(std::string_view bytes, BodyReceiver& receiver) override;
    RequestHead& head() override { return head_; }
    bool hasBody() const override { return true; }
    bool expectsContinue() const override { return false; }
    bool keepAlive() const override { return true; }
    void limitBody(std::uint64_t) override {}  // the declared length is the length
    const FramingRefusal& refusal() const override { return refusal_; }

private:
    RequestHead head_;
    std::uint32_t left_ = 0;
    bool head_ready_ = false;
    FramingRefusal refusal_;
};

}  // namespace caseway
