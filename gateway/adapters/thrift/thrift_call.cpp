// gateway/adapters/thrift/thrift_call.cpp - the only file that sees Thrift. Calls are read through the generated
// structures, not the generated processor: that one answers before it returns, and an answer comes after a commit.
#include "gateway/adapters/thrift/thrift_call.hpp"

#include <exchange_thrift/Exchange.h>
#include <thrift/TApplicationException.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include <limits>

#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

namespace wire = ::caseway::exchange;
using apache::thrift::TApplicationException;
using apache::thrift::TConfiguration;
using apache::thrift::TException;
using apache::thrift::protocol::TMessageType;
using apache::thrift::transport::TMemoryBuffer;
using Protocol = apache::thrift::protocol::TBinaryProtocolT<TMemoryBuffer>;

constexpr std::int32_t kFieldsMax = 100;    ///< as many as a request over HTTPS may have
constexpr std::int32_t kNestingMax = 8;     ///< of what is skipped as unknown
constexpr std::size_t kMethodMax = 64;      ///< bytes of a name that is repeated in an answer
constexpr std::size_t kOverheadBytes = 24;  ///< of an answer, beside its texts

/// Reads out of the frame's own bytes.
std::shared_ptr<TMemoryBuffer> bufferOver(std::string_view frame) {
    const int size = static_cast<int>(frame.size());
    const auto limits = std::make_shared<TConfiguration>(size, size, kNestingMax);
    auto* const bytes = reinterpret_cast<std::uint8_t*>(const_cast<char*>(frame.data()));
    return std::make_shared<TMemoryBuffer>(bytes, static_cast<std::uint32_t>(frame.size()), TMemoryBuffer::OBSERVE,
                                           limits);
}

template <class Write>
std::string written(std::size_t expected_bytes, const CallTicket& ticket, TMessageType type, Write write) {
    const auto buffer = std::make_shared<TMemoryBuffer>(static_cast<std::uint32_t>(expected_bytes + kOverheadBytes));
    Protocol protocol(buffer);
    protocol.writeMessageBegin(ticket.method, type, ticket.sequence);
    write(protocol);
    protocol.writeMessageEnd();
    return buffer->getBufferAsString();
}

UnreadableCall unreadable(const CallTicket& ticket, TApplicationException::TApplicationExceptionType kind,
                          const std::string& text) {
    return {written(text.size() + ticket.method.size(), ticket, apache::thrift::protocol::T_EXCEPTION,
                    [&](Protocol& protocol) { TApplicationException(kind, text).write(&protocol); })};
}

SubmitCall callOf(wire::Exchange_submit_args& given) {
    SubmitCall call{std::move(given.content_type), std::move(given.message), {}};
    for (wire::Field& field : given.fields) call.fields.push_back({std::move(field.name), std::move(field.value)});
    return call;
}
GetMessageCall callOf(wire::Exchange_get_message_args& given) {
    return {std::move(given.message_id)};
}
GetCaseCall callOf(wire::Exchange_get_case_args& given) {
    return {std::move(given.case_no)};
}
ChangesCall callOf(wire::Exchange_changes_args& given) {
    return {given.after, given.limit};
}

template <class Arguments>
auto readArguments(Protocol& protocol) {
    Arguments arguments;
    arguments.read(&protocol);
    protocol.readMessageEnd();
    return callOf(arguments);
}

/// Throws TException. Nothing where the service has no such method.
std::optional<decltype(ThriftCall::call)> readCall(Protocol& protocol, std::string_view method) {
    if (method == "submit") return readArguments<wire::Exchange_submit_args>(protocol);
    if (method == "get_message") return readArguments<wire::Exchange_get_message_args>(protocol);
    if (method == "get_case") return readArguments<wire::Exchange_get_case_args>(protocol);
    if (method == "changes") return readArguments<wire::Exchange_changes_args>(protocol);
    return std::nullopt;
}

void setSuccess(wire::Exchange_submit_result& result, const ThriftAnswer& answer) {
    result.success.status = answer.status;
    result.success.json = answer.json;
    result.__isset.success = true;
}
template <class Outcome>
void setSuccess(Outcome& result, const ThriftAnswer& answer) {
    result.success = answer.json;  // the setters of a result are declared, but not generated
    result.__isset.success = true;
}

/// A text member of the answer's own JSON; empty where there is none.
std::string memberOf(const JsonValue& answer, std::string_view name) {
    const JsonValue* const member = answer.find(name);
    return member == nullptr || member->type != JsonValue::Type::String ? std::string() : std::string(member->text);
}

wire::Problem problemOf(const ThriftAnswer& answer) {
    wire::Problem problem;
    problem.status = answer.status;
    problem.json = answer.json;
    JsonTree tree;
    if (const auto root = parseJson(answer.json, JsonLimits{}, tree)) {
        problem.code = memberOf(**root, "code");
        if (std::string hint = memberOf(**root, "hint"); !hint.empty()) problem.__set_hint(std::move(hint));
    }
    if (answer.retry_after) problem.__set_retry_after_seconds(static_cast<std::int32_t>(*answer.retry_after));
    return problem;
}

template <class Outcome>
std::string writeResult(const CallTicket& ticket, const ThriftAnswer& answer) {
    Outcome result;
    if (answer.status == 200 || answer.status == 202) {
        setSuccess(result, answer);
    } else {
        result.problem = problemOf(answer);
        result.__isset.problem = true;
    }
    return written(2 * answer.json.size() + ticket.method.size(), ticket, apache::thrift::protocol::T_REPLY,
                   [&](Protocol& protocol) { result.write(&protocol); });
}

}  // namespace

Result<ThriftCall, UnreadableCall> readThriftCall(std::string_view frame) {
    if (frame.size() > std::numeric_limits<std::int32_t>::max()) return UnreadableCall{};
    ThriftCall read;
    bool has_name = false;
    try {
        const auto buffer = bufferOver(frame);
        Protocol protocol(buffer, static_cast<std::int32_t>(frame.size()), kFieldsMax, true, true);
        TMessageType type{};
        protocol.readMessageBegin(read.ticket.method, type, read.ticket.sequence);
        if (type != apache::thrift::protocol::T_CALL || read.ticket.method.size() > kMethodMax) return UnreadableCall{};
        has_name = true;
        auto call = readCall(protocol, read.ticket.method);
        if (!call)
            return unreadable(read.ticket, TApplicationException::UNKNOWN_METHOD,
                              "there is no such method; docs/formats/exchange.thrift lists them");
        if (buffer->available_read() != 0)
            return unreadable(read.ticket, TApplicationException::PROTOCOL_ERROR,
                              "bytes stand behind the call in its frame");
        read.call = std::move(*call);
        return read;
    } catch (const TException&) {
        if (!has_name) return UnreadableCall{};
        return unreadable(read.ticket, TApplicationException::PROTOCOL_ERROR,
                          "the arguments are not those of docs/formats/exchange.thrift, or longer than they say");
    }
}

std::string writeThriftAnswer(const CallTicket& ticket, const ThriftAnswer& answer) {
    if (ticket.method == "submit") return writeResult<wire::Exchange_submit_result>(ticket, answer);
    if (ticket.method == "get_message") return writeResult<wire::Exchange_get_message_result>(ticket, answer);
    if (ticket.method == "get_case") return writeResult<wire::Exchange_get_case_result>(ticket, answer);
    return writeResult<wire::Exchange_changes_result>(ticket, answer);
}

}  // namespace caseway
