// gateway/adapters/thrift/thrift_call.hpp - calls of docs/formats/exchange.thrift as plain values, and their answers as
// bytes. No I/O: a frame comes in, a frame goes out. Hostile bytes are the normal case.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/domain/http_field.hpp"

namespace caseway {

struct SubmitCall {
    std::string content_type;
    std::string message;
    std::vector<HttpField> fields;
};
struct GetMessageCall {
    std::string message_id;
};
struct GetCaseCall {
    std::string case_no;
};
struct ChangesCall {
    std::int64_t after = 0;
    std::int32_t limit = 0;
};

/// What of a call its answer repeats.
struct CallTicket {
    std::string method;
    std::int32_t sequence = 0;
};

struct ThriftCall {
    CallTicket ticket;
    std::variant<SubmitCall, GetMessageCall, GetCaseCall, ChangesCall> call;
};

/// A frame that is no call of the service. `answer`: a TApplicationException as a frame's content; empty where not even
/// the name of a method could be read, and the connection has to end.
struct UnreadableCall {
    std::string answer;
};

/// Reads the content of one frame, whole: nothing may stand behind the call. Takes memory in the order of the frame's
/// size, whatever the lengths in it say.
Result<ThriftCall, UnreadableCall> readThriftCall(std::string_view frame);

/// What the gateway answers over HTTPS: JSON under a status.
struct ThriftAnswer {
    int status = 200;
    std::string json;
    std::optional<unsigned> retry_after;
};

/// The content of the answering frame: the result for 200 and 202, else the exception Problem.
std::string writeThriftAnswer(const CallTicket& ticket, const ThriftAnswer& answer);

}  // namespace caseway
