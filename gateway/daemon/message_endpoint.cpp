// gateway/daemon/message_endpoint.cpp - POST /v1/messages.
#include "gateway/daemon/message_endpoint.hpp"

#include <cstdint>
#include <string>

#include "gateway/adapters/files/payload_folder.hpp"
#include "gateway/adapters/http/rate_limiter.hpp"
#include "gateway/daemon/endpoint_handler.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/intake/classify.hpp"

namespace caseway {
namespace {

/// A body on its way to the payload folder, hashed as it is written; gone where it breaks off.
class SpoolSink final : public BodySink {
public:
    explicit SpoolSink(PayloadFolder& payloads) : file_(payloads.create()) {}
    void write(std::string_view bytes) override {
        digest_.update(bytes);
        file_->write(bytes);
    }
    void finish() override { body_.digest = digest_.finish(); }
    /// Durable under its digest; called once the signature is known to be good.
    const SpooledBody& keep() {
        body_.bytes = file_->size();
        body_.file = file_->finish(body_.digest);
        return body_;
    }
    const Sha256& digest() const { return body_.digest; }
    /// Nobody said how long it would be, and it is short; nothing where it is not.
    std::optional<std::string> shortBody(std::uint64_t most) const {
        if (file_->size() > most) return std::nullopt;
        std::string body(file_->size(), '\0');
        const auto bytes = file_->source();
        std::size_t filled = 0;
        for (std::size_t got = 0;
             filled < body.size() && (got = bytes->read({body.data() + filled, body.size() - filled})) != 0;)
            filled += got;
        return body;
    }

private:
    std::unique_ptr<SpoolFile> file_;
    Sha256Stream digest_;
    SpooledBody body_;
};

RequestFacts factsOf(const RequestHead& head) {
    return {head.count("Signature") != 0, head.find("Content-Type").value_or(std::string_view()), head.content_length,
            head.find("Content-Encoding").value_or(std::string_view())};
}

int statusOf(const Refusal& refusal) {
    return refusal.code == "too_large" ? 413 : 415;
}

/// What is kept of a request whose body was not read, as far as it says what was to come.
std::string unreadHead(const RequestHead& head) {
    std::string text = head.method + " " + head.target + "\n";
    for (const std::string_view name : {"Content-Type", "Content-Encoding"})
        if (const auto value = head.find(name)) text.append(name).append(": ").append(*value).append("\n");
    if (head.content_length) text += "Content-Length: " + std::to_string(*head.content_length) + "\n";
    return text;
}

Response refusalResponse(const Refusal& refusal) {
    return responseOf(problemAnswer(statusOf(refusal), refusal));
}

}  // namespace

HttpRequest signedPartsOf(const RequestHead& head) {
    return {head.method, head.target, head.fields};
}

Endpoint MessageEndpoint::endpoint() {
    return {
        kPostMessage,
        [this](Request request, std::string, Responder responder) { take(std::move(request), std::move(responder)); },
        [this](const RequestHead& head) { return plan(head); }};
}

BodyPlan MessageEndpoint::plan(const RequestHead& head) const {
    const RequestFacts facts = factsOf(head);
    const auto plan = planIntake(facts, limits_);
    if (!plan && facts.has_signature_field) {
        if (auto refused = refuseUnauthenticated(head)) return std::move(*refused);
        return LeaveBody{};
    }
    if (!plan && isShownByRegistered(head)) {  // evidence, with its bytes where they are few
        if (head.content_length.value_or(UINT64_MAX) <= limits_.spool_above_bytes)
            return InlineBody{limits_.spool_above_bytes};
        return LeaveBody{};
    }
    if (!plan) {
        exchange_.noteUnread(Binding::Xml, RejectedMessage{plan.error(), statusOf(plan.error())});
        return RefuseBody{refusalResponse(plan.error())};
    }
    if (!plan->spool) return InlineBody{plan->most_bytes, [this] { return exchange_.announce(); }};
    // Nobody fills the disk from outside: what the head alone condemns is refused before its body is read. Verified
    // here and once more behind the body, which may take hours: the register may have changed meanwhile.
    const auto verified = verifier_.verifyHead(signedPartsOf(head));
    if (!verified && !verified.error().authenticated() && !isShownByRegistered(head))
        return refuseHead(verified.error());
    if (!verified) return LeaveBody{};
    return SpoolBody{plan->most_bytes,
                     [this]() -> std::unique_ptr<BodySink> { return std::make_unique<SpoolSink>(payloads_); }};
}

/// Whoever opened the connection with a certificate that may be used now answers for what he sends over it.
bool MessageEndpoint::isShownByRegistered(const RequestHead& head) const {
    return head.peer_certificate && verifier_.verifyClient(*head.peer_certificate).ok();
}

/// Nothing where it is known whose it is, whatever else is said against it.
std::optional<RefuseBody> MessageEndpoint::refuseUnauthenticated(const RequestHead& head) const {
    const auto verified = verifier_.verifyHead(signedPartsOf(head));
    if (verified || verified.error().authenticated() || isShownByRegistered(head)) return std::nullopt;
    return refuseHead(verified.error());
}

RefuseBody MessageEndpoint::refuseHead(const RejectedMessage& rejected) const {
    exchange_.noteUnread(Binding::Http, rejected);
    return RefuseBody{responseOf(problemAnswer(rejected.http_status, rejected.refusal, rejected.messageId()))};
}

void MessageEndpoint::take(Request request, Responder responder) const {
    AnswerSink answer = [responder](Answer given) mutable { responder.answer(responseOf(std::move(given))); };
    const std::string* const shown = request.head.peer_certificate.get();
    if (request.body_left || shown != nullptr) {
        const RequestFacts facts = factsOf(request.head);
        const auto plan = planIntake(facts, limits_);
        if (!plan && !facts.has_signature_field && shown != nullptr)
            return exchange_.refuseShown({plan.error(), statusOf(plan.error())},
                                         request.body_left ? unreadHead(request.head) : std::move(request.body), *shown,
                                         std::move(answer));
        if (request.body_left)
            return exchange_.refuseUnread(signedPartsOf(request.head),
                                          plan ? std::nullopt : std::optional(plan.error()), std::move(answer),
                                          {shown, unreadHead(request.head)});
    }
    RequestHead& signed_head = request.head;
    ShownClient client{shown, request.sink ? unreadHead(signed_head) : std::string(),
                       rateKey(signed_head.peer_address)};
    const HttpRequest parts{std::move(signed_head.method), std::move(signed_head.target),
                            std::move(signed_head.fields)};
    if (!request.sink) {
        auto announced = std::static_pointer_cast<Committer::Coming>(std::move(request.announced));
        return exchange_.take(parts, std::move(request.body), std::move(answer), client, std::move(announced));
    }
    auto& sink = static_cast<SpoolSink&>(*request.sink);
    if (auto body = sink.shortBody(limits_.spool_above_bytes))
        return exchange_.take(parts, *std::move(body), std::move(answer), client);
    auto head = verifier_.verifyHead(parts);
    const bool digest_good = head && head->head.body_digest == sink.digest();
    // Only what is authenticated whole is kept; else the file goes with the sink.
    exchange_.take(std::move(head), digest_good ? sink.keep() : SpooledBody{{}, sink.digest(), 0}, std::move(answer),
                   std::move(client));
}

}  // namespace caseway
