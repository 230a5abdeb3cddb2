// gateway/adapters/http/response_writer.hpp - a Response as bytes of HTTP/1.1. Source: RFC 9112 §6, RFC 9110 §6.6.1.
#pragma once

#include <string>
#include <string_view>

#include "gateway/adapters/http/http_message.hpp"

namespace caseway {

/// What of the request decides the form of the answer.
struct ResponseForm {
    bool head_only = false;
    bool http_1_0 = false;
    bool keep_alive = true;
    bool framed = false;  ///< Framing::Frames
};

/// Head and body, or the head alone if the response streams. A field name or value with a control character, or a field
/// that the server itself sets (Content-Length, Transfer-Encoding, Connection, Date), makes it a 500 or is dropped,
/// respectively. Framed: the body of a kFrameType answer behind its length; every other answer is empty, and the
/// connection has to end, since only the handler knows the language of the frames.
std::string writeResponse(const Response& response, const ResponseForm& form);

/// One chunk of a streamed body; empty `bytes` make the last one.
std::string writeChunk(std::string_view bytes);

}  // namespace caseway
