// gateway/daemon/thrift_door.hpp - the exchange over Thrift: each call becomes the request over HTTPS that it stands
// for, and goes the same way through the same endpoints, so that rights, limits and answers are the same ones.
#pragma once

#include "gateway/adapters/http/request_handler.hpp"
#include "gateway/base/limits.hpp"
#include "gateway/verify/verifier.hpp"

namespace caseway {

struct SubmitCall;

/// Stands before the handler of HTTP: requests of the listener "thrift" are frames, all others pass.
class ThriftDoor final : public RequestHandler {
public:
    struct Parts {
        RequestHandler& http;
        const Verifier& verifier;
        const Limits& limits;
    };
    static constexpr std::string_view kListener = "thrift";

    explicit ThriftDoor(Parts parts) : parts_(parts) {}
    BodyPlan onHead(const RequestHead& head) override;
    void handle(Request request, Responder responder) override;

private:
    void submit(SubmitCall call, RequestHead head, Responder responder) const;

    Parts parts_;
};

}  // namespace caseway
