// gateway/adapters/http/stream_parser.hpp - what a connection asks of a framing: where a request begins and ends in the
// bytes. Two framings: HTTP/1.1 (request_parser.hpp), frames with a length before them (frame_parser.hpp). No I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gateway/adapters/http/http_counters.hpp"
#include "gateway/adapters/http/http_message.hpp"

namespace caseway {

/// Why a request is not well-formed. After it nothing on the connection can be trusted: answer and close.
struct FramingRefusal {
    HttpRefusal reason = HttpRefusal::BadRequest;
    int status = 400;  ///< 0: close without a word
    std::string_view detail;
};

/// Takes the decoded body, piece by piece, in order.
class BodyReceiver {
public:
    virtual ~BodyReceiver() = default;
    virtual void bodyPiece(std::string_view bytes) = 0;
};

/// Parses one request; make a new one for the next.
class StreamParser {
public:
    virtual ~StreamParser() = default;

    enum class State {
        NeedsMore,  ///< give the unconsumed bytes again, with more behind them
        HeadReady,  ///< once: head() is complete and checked; set the body limit and call again if hasBody()
        Complete,   ///< what follows the consumed bytes belongs to the next request
        Refused     ///< see refusal()
    };
    struct Step {
        std::size_t consumed;
        State state;
    };
    /// `receiver` takes the body bytes found in `bytes`; it is not called before HeadReady was returned.
    virtual Step parse(std::string_view bytes, BodyReceiver& receiver) = 0;

    virtual RequestHead& head() = 0;
    virtual bool hasBody() const = 0;
    virtual bool expectsContinue() const = 0;
    /// Whether the peer wants the connection kept. Meaningful from HeadReady on.
    virtual bool keepAlive() const = 0;
    /// The decoded body may have this many bytes; a declared length beyond it is for the caller to refuse.
    virtual void limitBody(std::uint64_t bytes) = 0;
    virtual const FramingRefusal& refusal() const = 0;
};

}  // namespace caseway
