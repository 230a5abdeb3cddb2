// gateway/cli/admin_client.cpp - HTTP over the socket that connectAdmin() opened.
#include "gateway/cli/admin_client.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <fmt/format.h>

#include "gateway/base/fault.hpp"

namespace caseway {
namespace {

Refusal refusalOf(const JsonValue& problem) {
    Refusal refusal{textIn(problem, "code"),   textIn(problem, "where"), textIn(problem, "value"),
                    textIn(problem, "detail"), textIn(problem, "hint"),  {}};
    const JsonValue* const also = problem.find("also");
    for (std::uint32_t i = 0; also != nullptr && also->type == JsonValue::Type::Array && i < also->count; ++i) {
        const JsonValue& further = also->items[i];
        refusal.also.push_back({textIn(further, "code"),
                                textIn(further, "where"),
                                textIn(further, "value"),
                                textIn(further, "rule"),
                                textIn(further, "hint"),
                                {}});
    }
    return refusal;
}

}  // namespace

std::string textIn(const JsonValue& object, std::string_view name) {
    const JsonValue* const value = object.find(name);
    return value == nullptr ? std::string() : std::string(value->text);
}

AdminAnswer askAdmin(const Poco::Net::StreamSocket& socket, const std::string& method, const std::string& target,
                     const std::string& body, const std::map<std::string, std::string>& fields,
                     Poco::Timespan patience) {
    AdminAnswer answer;
    try {
        Poco::Net::HTTPClientSession session(socket);
        // The session's own timeout is set on sockets that it connects itself.
        session.socket().setReceiveTimeout(patience);
        session.socket().setSendTimeout(patience);
        Poco::Net::HTTPRequest request(method, target, Poco::Net::HTTPMessage::HTTP_1_1);
        request.set("Host", "localhost");
        for (const auto& [name, value] : fields) request.set(name, value);
        if (!body.empty()) {
            request.setContentType("application/json");
            request.setContentLength64(static_cast<Poco::Int64>(body.size()));
        }
        session.sendRequest(request) << body;
        Poco::Net::HTTPResponse response;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), answer.body);
        answer.status = response.getStatus();
    } catch (const Poco::TimeoutException&) {
        throw Fault(
            FaultCode::NetworkUnavailable,
            fmt::format("the gateway has not answered within {} seconds", patience.totalSeconds()),
            "caseway doctor tells whether it answers; look at its log, and whether what you asked for was done, "
            "before you ask again");
    } catch (const Poco::Exception& error) {
        throw Fault(FaultCode::NetworkUnavailable, "the admin socket: " + error.displayText(),
                    "look at the gateway's log, and whether what you asked for was done");
    }
    return answer;
}

Refusal problemIn(const AdminAnswer& answer) {
    JsonTree tree;
    const auto problem = parseJson(answer.body, JsonLimits{}, tree);
    const JsonValue* const code =
        problem && (*problem)->type == JsonValue::Type::Object ? (*problem)->find("code") : nullptr;
    if (code == nullptr)
        throw Fault(FaultCode::NetworkUnavailable,
                    fmt::format("the gateway answered {}: {}", answer.status, answer.body),
                    "look at the gateway's log");
    Refusal refusal = refusalOf(**problem);
    if (refusal.hint.empty() && answer.status / 100 == 5) refusal.hint = "look at the gateway's log";
    return refusal;
}

}  // namespace caseway
