// gateway/daemon/thrift_door.cpp - frames to requests, responses to frames.
#include "gateway/daemon/thrift_door.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "gateway/adapters/thrift/thrift_call.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/base/give_back.hpp"
#include "gateway/daemon/endpoint_handler.hpp"
#include "gateway/daemon/endpoint_table.hpp"
#include "gateway/daemon/reader_identity.hpp"
#include "gateway/intake/classify.hpp"

namespace caseway {
namespace {

constexpr std::uint64_t kCallBytes = 64 * 1024;             ///< of a frame, beside the message: names, fields
constexpr std::size_t kFieldBytes = 8 * 1024;               ///< one field, name and value, as over HTTPS
constexpr std::string_view kNameSigns = "!#$%&'*+-.^_`|~";  ///< beside letters and digits: RFC 9110, token

Response frameOf(std::string content) {
    Response response;
    response.fields.push_back({"Content-Type", std::string(kFrameType)});
    response.body = std::move(content);
    return response;
}

/// Takes an endpoint's response and gives it on as the answer of a call.
class CallAnswer final : public AnswerState {
public:
    CallAnswer(CallTicket ticket, Responder responder) : ticket_(std::move(ticket)), responder_(std::move(responder)) {}
    ~CallAnswer() override {
        if (!answered_.load()) CallAnswer::answer(problem(500, "internal_error", "the call was not answered"));
    }
    CallAnswer(const CallAnswer&) = delete;
    CallAnswer& operator=(const CallAnswer&) = delete;

    bool answer(Response response) override {
        if (answered_.exchange(true)) return false;
        ThriftAnswer answer{response.status, std::move(response.body), {}};
        for (const HttpField& field : response.fields)
            if (field.name == "Retry-After") answer.retry_after = static_cast<unsigned>(std::stoul(field.value));
        return responder_.answer(frameOf(writeThriftAnswer(ticket_, answer)));
    }

private:
    const CallTicket ticket_;
    Responder responder_;
    std::atomic<bool> answered_{false};
};

bool isName(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               kNameSigns.find(c) != std::string_view::npos;
    });
}

bool isValue(std::string_view text) {
    const auto is_visible = [](char c) { return (c > ' ' && c < 0x7F) || static_cast<unsigned char>(c) >= 0x80; };
    return text.empty() ||
           (is_visible(text.front()) && is_visible(text.back()) &&
            std::all_of(text.begin(), text.end(), [&](char c) { return is_visible(c) || c == ' ' || c == '\t'; }));
}

/// What HTTP's framing promises of every field, and a text in a call does not.
bool isGood(const HttpField& field) {
    return isName(field.name) && isValue(field.value) && field.name.size() + field.value.size() <= kFieldBytes &&
           !equalsIgnoringCase(field.name, "Content-Type") && !equalsIgnoringCase(field.name, "Content-Length");
}

std::string percentEncoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
        out += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

/// "/v1/cases/{no}" with the argument in the braces' place.
std::string targetOf(const EndpointAddress& address, std::string_view argument) {
    return std::string(address.pattern.substr(0, address.pattern.find('{'))) + percentEncoded(argument);
}

std::string targetOf(const GetMessageCall& call) {
    return targetOf(kGetMessage, call.message_id);
}
std::string targetOf(const GetCaseCall& call) {
    return targetOf(kGetCase, call.case_no);
}
std::string targetOf(const ChangesCall& call) {
    return fmt::format("{}?after={}&limit={}", kGetChanges.pattern, call.after, call.limit);
}

Response tooLarge(std::uint64_t most_bytes) {
    return problem(413, "body_too_large", "the message is larger than is taken here",
                   fmt::format("at most {} bytes", most_bytes));
}

/// Who the client is, by its certificate alone: fields of a call are not fields of the connection.
RequestHead connectionOf(const RequestHead& frame) {
    RequestHead head;
    head.peer_address = frame.peer_address;
    head.peer_certificate = frame.peer_certificate;
    head.listener = kPostMessage.listener;
    return head;
}

}  // namespace

BodyPlan ThriftDoor::onHead(const RequestHead& head) {
    if (head.listener != kListener) return parts_.http.onHead(head);
    return InlineBody{parts_.limits.tree_body_bytes + kCallBytes};
}

void ThriftDoor::handle(Request request, Responder responder) {
    if (request.head.listener != kListener) return parts_.http.handle(std::move(request), std::move(responder));
    auto read = readThriftCall(request.body);
    if (!read) {
        if (read.error().answer.empty())  // nothing that a client of the service would understand: the connection ends
            responder.answer(problem(400, "bad_request", "the frame is no call"));
        else
            responder.answer(frameOf(std::move(read).error().answer));
        return;
    }
    giveBack(request.body);
    Responder answer(std::make_shared<CallAnswer>(read->ticket, std::move(responder)));
    RequestHead head = connectionOf(request.head);
    if (const auto who = identifyReader(head, parts_.verifier); !who) {
        answer.answer(responseOf(problemAnswer(who.error().http_status, who.error().refusal)));
        return;
    }
    try {
        if (auto* const message = std::get_if<SubmitCall>(&read->call))
            return submit(std::move(*message), std::move(head), answer);
        head.method = "GET";
        head.target = std::visit(
            [](const auto& call) {
                if constexpr (requires { targetOf(call); }) return targetOf(call);
                return std::string();
            },
            read->call);
        parts_.http.handle(Request{std::move(head), {}, nullptr}, answer);
    } catch (const Fault& fault) {  // answered in the language of the call; the server reports it
        Response response = problem(fault.isTransient() ? 503 : 500, nameOf(fault.code()), "this cannot be done now");
        if (fault.isTransient()) response.fields.push_back({"Retry-After", "5"});
        answer.answer(std::move(response));
        throw;
    }
}

/// As the HTTP server does with a request's body: the endpoint says where it goes.
void ThriftDoor::submit(SubmitCall call, RequestHead head, Responder responder) const {
    const bool is_good = isValue(call.content_type) && std::all_of(call.fields.begin(), call.fields.end(), isGood);
    if (!is_good) {
        responder.answer(
            problem(400, "bad_request", "a field is not one that HTTP could carry",
                    "names are tokens; values are at most 8 KiB, without control characters or outer spaces; "
                    "the content type stands in content_type"));
        return;
    }
    head.method = kPostMessage.method;
    head.target = kPostMessage.pattern;
    head.fields.push_back({"Content-Type", std::move(call.content_type)});
    for (HttpField& field : call.fields) head.fields.push_back(std::move(field));
    head.content_length = call.message.size();
    BodyPlan plan = parts_.http.onHead(head);
    Request request{std::move(head), {}, nullptr};
    if (auto* const refusal = std::get_if<RefuseBody>(&plan)) {
        responder.answer(std::move(refusal->response));
        return;
    }
    if (std::holds_alternative<LeaveBody>(plan)) {
        request.body_left = true;
    } else if (const auto* const to_memory = std::get_if<InlineBody>(&plan)) {
        if (call.message.size() > to_memory->max_bytes) {
            responder.answer(tooLarge(to_memory->max_bytes));
            return;
        }
        request.body = std::move(call.message);
    } else {
        const SpoolBody& to_disk = std::get<SpoolBody>(plan);
        if (call.message.size() > to_disk.max_bytes) {
            responder.answer(tooLarge(to_disk.max_bytes));
            return;
        }
        request.sink = to_disk.open();
        request.sink->write(call.message);
        request.sink->finish();
    }
    parts_.http.handle(std::move(request), std::move(responder));
}

}  // namespace caseway
