// gateway/adapters/http/request_parser.hpp - strict framing of HTTP/1.1 requests: Boost.Beast parses, rules of ours
// refuse what it lets pass (head_rules.hpp, and the lines marked "Beast" in the source). No I/O. Source: RFC 9112.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "gateway/adapters/http/http_config.hpp"
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
class RequestParser {
public:
    /// `limits` must outlive the parser.
    explicit RequestParser(const HttpLimits& limits);
    ~RequestParser();

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
    Step parse(std::string_view bytes, BodyReceiver& receiver);

    RequestHead& head();
    bool hasBody() const;
    bool expectsContinue() const;
    /// Whether the peer wants the connection kept. Meaningful from HeadReady on.
    bool keepAlive() const;
    /// The decoded body may have this many bytes; a declared length beyond it is for the caller to refuse.
    void limitBody(std::uint64_t bytes);
    const FramingRefusal& refusal() const;

private:
    class Machine;
    std::unique_ptr<Machine> machine_;
};

}  // namespace caseway
