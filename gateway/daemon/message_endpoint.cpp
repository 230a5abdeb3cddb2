// gateway/daemon/message_endpoint.cpp - POST /v1/messages.
#include "gateway/daemon/message_endpoint.hpp"

#include "gateway/adapters/files/payload_folder.hpp"
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

private:
    std::unique_ptr<SpoolFile> file_;
    Sha256Stream digest_;
    SpooledBody body_;
};

Response refusalResponse(const Refusal& refusal) {
    const int status = refusal.code == "too_large" ? 413 : 415;
    return responseOf(problemAnswer(status, refusal));
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
    const RequestFacts facts{head.count("Signature") != 0, head.find("Content-Type").value_or(std::string_view()),
                             head.content_length};
    const auto plan = planIntake(facts, limits_);
    if (!plan) {
        exchange_.noteUnread(facts.has_signature_field ? Binding::Http : Binding::Xml, plan.error());
        return RefuseBody{refusalResponse(plan.error())};
    }
    if (!plan->spool) return InlineBody{plan->most_bytes};
    // Nobody fills the disk from outside: what the head alone condemns is refused before its body is read.
    if (const auto verified = verifier_.verifyHead(signedPartsOf(head)); !verified) {
        const RejectedMessage& rejected = verified.error();
        exchange_.noteUnread(Binding::Http, rejected.refusal);
        const auto id = rejected.header ? std::optional(rejected.header->message_id) : std::nullopt;
        return RefuseBody{responseOf(problemAnswer(rejected.http_status, rejected.refusal, id))};
    }
    return SpoolBody{plan->most_bytes,
                     [this]() -> std::unique_ptr<BodySink> { return std::make_unique<SpoolSink>(payloads_); }};
}

void MessageEndpoint::take(Request request, Responder responder) const {
    const HttpRequest parts = signedPartsOf(request.head);
    AnswerSink answer = [responder](Answer given) mutable { responder.answer(responseOf(std::move(given))); };
    if (!request.sink) return exchange_.take(parts, std::move(request.body), std::move(answer));
    auto& sink = static_cast<SpoolSink&>(*request.sink);
    auto head = verifier_.verifyHead(parts);
    const bool digest_good = head && head->head.body_digest == sink.digest();
    // Only what is authenticated whole is kept; else the file goes with the sink.
    exchange_.take(parts, digest_good ? sink.keep() : SpooledBody{{}, sink.digest(), 0}, std::move(answer));
}

}  // namespace caseway
