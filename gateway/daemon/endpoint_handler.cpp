// gateway/daemon/endpoint_handler.cpp - routing of requests.
#include "gateway/daemon/endpoint_handler.hpp"

#include <fmt/format.h>

#include "gateway/daemon/endpoint_table.hpp"

namespace caseway {
namespace {

Response noSuchEndpoint(const RouteMatch& match, const RequestHead& head) {
    if (match.status == 204) {
        Response response;
        response.status = 204;
        response.fields.push_back({"Allow", match.allow});
        return response;
    }
    if (match.status == 405) {
        Response response =
            problem(405, "method_not_allowed", "this path has no such method", "use one of: " + match.allow);
        response.fields.push_back({"Allow", match.allow});
        return response;
    }
    const bool is_admin = head.listener == "admin";
    return problem(404, "no_such_path", "there is no such path",
                   fmt::format("GET {} lists the paths", (is_admin ? kGetAdminDescription : kGetDescription).pattern));
}

/// Answers hold records, or say of whom there are some: nothing on the way keeps them. Source: RFC 9111 §5.2.2.5.
HttpField notStored() {
    return {"Cache-Control", "no-store"};
}

}  // namespace

BodyPlan EndpointHandler::onHead(const RequestHead& head) {
    const RouteMatch match = router_.match(head);
    if (match.endpoint == nullptr && match.status == 204) return InlineBody{0};
    if (match.endpoint == nullptr) return RefuseBody{noSuchEndpoint(match, head)};
    if (!match.endpoint->plan) return InlineBody{0};
    return match.endpoint->plan(head);
}

void EndpointHandler::handle(Request request, Responder responder) {
    RouteMatch match = router_.match(request.head);
    if (match.endpoint == nullptr) {
        responder.answer(noSuchEndpoint(match, request.head));
        return;
    }
    match.endpoint->action(std::move(request), std::move(match.argument), std::move(responder));
}

Response responseOf(Answer answer) {
    Response response;
    response.status = answer.status;
    response.fields.push_back({"Content-Type", std::move(answer.content_type)});
    response.fields.push_back(notStored());
    if (!answer.location.empty()) response.fields.push_back({"Location", std::move(answer.location)});
    if (answer.retry_after) response.fields.push_back({"Retry-After", std::to_string(*answer.retry_after)});
    if (!answer.accept_encoding.empty())
        response.fields.push_back({"Accept-Encoding", std::string(answer.accept_encoding)});
    response.body = std::move(answer.body);
    return response;
}

Response jsonResponse(std::string body) {
    Response response;
    response.fields.push_back({"Content-Type", "application/json"});
    response.fields.push_back(notStored());
    response.body = std::move(body);
    return response;
}

}  // namespace caseway
