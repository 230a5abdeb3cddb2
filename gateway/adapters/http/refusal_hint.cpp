// gateway/adapters/http/refusal_hint.cpp - the next step, by the reason of a refusal.
#include "gateway/adapters/http/refusal_hint.hpp"

#include <fmt/format.h>

namespace caseway {

std::string hintFor(HttpRefusal reason, const HttpLimits& limits) {
    switch (reason) {
        case HttpRefusal::BadRequest:
            return "send HTTP/1.1 as RFC 9112 writes it: look at the client, or at the proxy between";
        case HttpRefusal::BadTarget:
            return "ask for a path of GET /openapi.json, with other characters percent-encoded";
        case HttpRefusal::BadHost:
            return "send Host once: a name or an address, perhaps with a port";
        case HttpRefusal::BadContentLength:
            return "send Content-Length once, in decimal digits, and no Transfer-Encoding beside it";
        case HttpRefusal::BadTransferEncoding:
            return "send Transfer-Encoding: chunked once and nothing more in it, or Content-Length";
        case HttpRefusal::BadChunk:
            return "send each chunk as its length in hexadecimal, CRLF, so many bytes, CRLF; or send Content-Length";
        case HttpRefusal::IncompleteRequest:
            return "send it again, whole; nothing was taken";
        case HttpRefusal::LengthRequired:
            return "send Content-Length, or Transfer-Encoding: chunked";
        case HttpRefusal::HeadTooLarge:
            return fmt::format(
                "at most {} fields, {} bytes a field, {} bytes of request line and fields together, {} bytes of "
                "trailers",
                limits.field_count, limits.field_bytes, limits.head_bytes, limits.chunk_overhead_bytes);
        case HttpRefusal::TargetTooLong:
            return fmt::format("at most {} bytes of path and query", limits.target_bytes);
        case HttpRefusal::ExpectationFailed:
            return "leave Expect away, or send 100-continue in it once";
        case HttpRefusal::VersionNotSupported:
            return "speak HTTP/1.1";
        case HttpRefusal::RequestTimeout:
            return fmt::format("send it again: the head within {} ms, the body at {} bytes a second or more",
                               limits.head_time.count(), limits.body_bytes_per_second);
        default:
            return {};
    }
}

}  // namespace caseway
