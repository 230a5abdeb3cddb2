// gateway/daemon/endpoint_handler.hpp - the HTTP server's door to the endpoints: routing, unknown paths, methods that
// are not there.
#pragma once

#include "gateway/daemon/router.hpp"
#include "gateway/pipeline/answer.hpp"

namespace caseway {

class EndpointHandler final : public RequestHandler {
public:
    explicit EndpointHandler(Router router) : router_(std::move(router)) {}
    BodyPlan onHead(const RequestHead& head) override;
    void handle(Request request, Responder responder) override;
    const Router& router() const { return router_; }

private:
    Router router_;
};

/// An answer of the pipeline as an HTTP response.
Response responseOf(Answer answer);
/// A JSON body.
Response jsonResponse(std::string body);

}  // namespace caseway
