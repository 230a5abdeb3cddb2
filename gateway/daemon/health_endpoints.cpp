// gateway/daemon/health_endpoints.cpp - three answers in plain text, to whom they are meant for.
#include "gateway/daemon/health_endpoints.hpp"

#include <utility>

#include "gateway/daemon/endpoint_handler.hpp"
#include "gateway/daemon/endpoint_table.hpp"
#include "gateway/daemon/health_host.hpp"

namespace caseway {
namespace {

Response plainText(int status, std::string body) {
    Response response;
    response.status = status;
    response.fields = {{"Content-Type", "text/plain; charset=utf-8"}};
    response.body = std::move(body);
    return response;
}

}  // namespace

std::vector<Endpoint> healthEndpoints(std::string address, std::function<std::string()> not_ready,
                                      std::function<std::string()> figures) {
    const auto plan = [address = std::move(address)](const RequestHead& head) -> BodyPlan {
        if (isHealthHost(head, address)) return InlineBody{0};
        return RefuseBody{problem(421, "wrong_host", "the health listener is not known by this Host",
                                  "ask it as localhost, or by the address of listen.health_address")};
    };
    const auto health = [](Request, std::string, Responder responder) { responder.answer(plainText(200, "ok\n")); };
    const auto readiness = [not_ready = std::move(not_ready)](Request, std::string, Responder responder) {
        const std::string reason = not_ready();
        responder.answer(plainText(reason.empty() ? 200 : 503, (reason.empty() ? "ready" : reason) + "\n"));
    };
    const auto metrics = [figures = std::move(figures)](Request, std::string, Responder responder) {
        std::string text = figures();
        responder.answer(text.empty() ? plainText(503, "starting\n") : plainText(200, std::move(text)));
    };
    return {{kGetHealth, health, plan}, {kGetReadiness, readiness, plan}, {kGetMetrics, metrics, plan}};
}

}  // namespace caseway
