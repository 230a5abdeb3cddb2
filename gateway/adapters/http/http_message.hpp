// gateway/adapters/http/http_message.hpp - what a request handler sees of HTTP: a request's head, its body, the answer.
// Plain values; framing has been checked before any of them is made (request_parser.hpp). Source: RFC 9110, RFC 9457.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/base/byte_source.hpp"
#include "gateway/domain/http_field.hpp"

namespace caseway {

/// Everything before the body. `fields` keeps the order and the duplicates of the wire.
struct RequestHead {
    std::string method;  ///< a token, case as sent
    std::string target;  ///< origin form: begins with '/', valid percent-encoding, no fragment
    bool http_1_0 = false;
    std::vector<HttpField> fields;
    std::optional<std::uint64_t> content_length;  ///< nothing for a chunked body and for a request without a body
    bool chunked = false;
    std::string peer_address;                             ///< numeric address without the port; empty for a Unix socket
    std::shared_ptr<const std::string> peer_certificate;  ///< DER as shown in the handshake, not judged; null if none
    std::optional<std::uint32_t> peer_uid;  ///< Unix socket: user of the process on the other side, as the kernel says
    std::string_view listener;              ///< name of the listener; lives as long as the server

    /// The target up to '?', and what follows it. Still percent-encoded.
    std::string_view path() const;
    std::string_view query() const;
    /// Value of the first field of that name (any case), if there is one.
    std::optional<std::string_view> find(std::string_view name) const;
    /// How often a field of that name (any case) is present.
    std::size_t count(std::string_view name) const;
};

/// Where a large body goes. Made, written, finished and destroyed on a spool thread, one call at a time; may block on
/// the disk. Destroyed without finish() when the body broke off: then what was written must go.
class BodySink {
public:
    virtual ~BodySink() = default;
    /// The next bytes. A Fault becomes a 503 answer and ends the connection.
    virtual void write(std::string_view bytes) = 0;
    /// The body is complete, in its promised length. After this the sink travels on in Request::sink.
    virtual void finish() = 0;
};

/// A complete request. Exactly one of `body` and `sink` holds the content: as the BodyPlan said.
struct Request {
    RequestHead head;
    std::string body;
    std::unique_ptr<BodySink> sink;
    bool body_left = false;             ///< LeaveBody: there is, or may be, a body that nobody read
    std::shared_ptr<void> announced{};  ///< what InlineBody::announce gave
};

/// The answer. Content-Length, Date, Connection are added; a field with a control character turns it into a 500.
struct Response {
    int status = 200;
    std::vector<HttpField> fields;
    std::string body;
    std::unique_ptr<ByteSource>
        stream;  ///< instead of `body`: sent chunked, read on a spool thread as fast as the peer takes it
};

/// Content-Type of an answer whose body goes into a frame; at a listener with Framing::Frames every other answer ends
/// the connection.
inline constexpr std::string_view kFrameType = "application/x-frame";

/// Take no body: answer this at once. A small body is read and dropped, after a large one the connection ends.
struct RefuseBody {
    Response response;
};
/// Take no body and hand the request over without one: its handler answers, and the connection ends.
struct LeaveBody {};
/// Collect the body in memory.
struct InlineBody {
    std::uint64_t max_bytes = 0;
    /// Called on the poll loop once the body is there, before the request waits for a worker; must not throw. Lives as
    /// long as the request.
    std::function<std::shared_ptr<void>()> announce{};
};
/// Write the body to the sink that `open` makes; `open` runs on a spool thread and may throw a Fault.
struct SpoolBody {
    std::uint64_t max_bytes = 0;
    std::function<std::unique_ptr<BodySink>()> open;
};
using BodyPlan = std::variant<RefuseBody, LeaveBody, InlineBody, SpoolBody>;

/// Problem details as a response, application/problem+json; `type` is "urn:caseway:error:<code>". Source: RFC 9457.
Response problem(int status, std::string_view code, std::string_view detail, std::string_view hint = {});

/// The reason phrase of a status, "Unknown" for one that we never send.
std::string_view reasonPhrase(int status);

/// Equal but for the case of ASCII letters.
bool equalsIgnoringCase(std::string_view left, std::string_view right);

}  // namespace caseway
