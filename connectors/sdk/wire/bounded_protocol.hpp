// connectors/sdk/wire/bounded_protocol.hpp - the contract's wire, TBinaryProtocol (strict) in TFramedTransport, with
// limits on frames, texts and lists. For those who speak the contract only: it shows Thrift's types.
#pragma once

#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include <memory>

namespace caseway {

inline constexpr int kAnswerBytesMax = 16'384'000;  ///< Thrift's own default in every language
inline constexpr int kAnswerListMax = 100'000;      ///< entries of one list of an answer

/// `frame_bytes`: the largest that is read.
inline std::shared_ptr<apache::thrift::protocol::TBinaryProtocol> boundedProtocol(
    std::shared_ptr<apache::thrift::transport::TTransport> transport, int frame_bytes) {
    const auto limits = std::make_shared<apache::thrift::TConfiguration>(frame_bytes, frame_bytes);
    const auto framed = std::make_shared<apache::thrift::transport::TFramedTransport>(std::move(transport), limits);
    return std::make_shared<apache::thrift::protocol::TBinaryProtocol>(framed, frame_bytes, kAnswerListMax, true, true);
}

}  // namespace caseway
