// gateway/daemon/message_endpoint.hpp - POST /v1/messages: from HTTP to the exchange, bodies in memory or spooled.
#pragma once

#include "gateway/daemon/router.hpp"
#include "gateway/pipeline/exchange.hpp"

namespace caseway {

class PayloadFolder;

class MessageEndpoint {
public:
    MessageEndpoint(const Exchange& exchange, const Verifier& verifier, PayloadFolder& payloads, const Limits& limits)
        : exchange_(exchange), verifier_(verifier), payloads_(payloads), limits_(limits) {}
    Endpoint endpoint();

private:
    BodyPlan plan(const RequestHead& head) const;
    bool isShownByRegistered(const RequestHead& head) const;
    std::optional<RefuseBody> refuseUnauthenticated(const RequestHead& head) const;
    RefuseBody refuseHead(const RejectedMessage& rejected) const;
    void take(Request request, Responder responder) const;

    const Exchange& exchange_;
    const Verifier& verifier_;
    PayloadFolder& payloads_;
    const Limits& limits_;
};

/// The parts of a request that a signature can cover.
HttpRequest signedPartsOf(const RequestHead& head);

}  // namespace caseway
