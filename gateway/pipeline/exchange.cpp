// gateway/pipeline/exchange.cpp - from a request to the writer's queue.
#include "gateway/pipeline/exchange.hpp"

#include <utility>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/pipeline/patch_collector.hpp"

namespace caseway {
namespace {

constexpr std::size_t kInlineRecords = 5000;  ///< more are applied in slices, whatever their size

PreparedMessage preparedFrom(SignedContent& content, std::shared_ptr<const KeyRing> ring,
                             const RegisteredSystem* system, Instant now) {
    PreparedMessage message;
    message.header = std::move(content.header);
    message.binding = content.binding;
    message.received_at = now;
    message.envelope_digest = content.envelope_digest;
    message.payload_digest = content.payload_digest;
    message.content_digest = content.content_digest;
    message.certificate = content.certificate->id();
    message.certificate_der = content.certificate->der();
    message.key_ring = std::move(ring);
    message.system = system;
    return message;
}

Refusal unknownMapping(const std::string& name) {
    return {"mapping_unknown",
            "mapping",
            {},
            name.empty() ? "the header must name a mapping" : "no mapping of this name is loaded: " + name,
            "`caseway mapping check DIR` shows why one does not load; the register lists the names that your system "
            "may use",
            {}};
}

}  // namespace

void Exchange::take(const HttpRequest& request, std::string body, AnswerSink answer) const {
    auto verified = parts_.verifier.verify(request, body);
    const auto form = Verifier::formOf(request);
    const Binding binding = form ? form->binding : Binding::Http;
    if (!verified) return reject(std::move(verified).error(), binding, std::move(body), std::move(answer));
    SignedContent& content = verified->content;
    EnvelopeRow envelope{content.stored_envelope.empty() ? std::move(body) : std::move(content.stored_envelope), {}};
    const bool is_large = envelope.head.size() > parts_.limits.spool_above_bytes;
    prepareAndSubmit(std::move(verified).value(), std::move(envelope), is_large, std::move(answer));
}

void Exchange::take(const HttpRequest& request, const SpooledBody& body, AnswerSink answer) const {
    auto head = parts_.verifier.verifyHead(request);
    if (!head) return reject(std::move(head).error(), Binding::Http, {}, std::move(answer));
    auto verified = parts_.verifier.finish(std::move(head).value(), body.digest, {}, false);
    if (!verified) return reject(std::move(verified).error(), Binding::Http, {}, std::move(answer));
    EnvelopeRow envelope{std::move(verified->content.stored_envelope), body.file};
    prepareAndSubmit(std::move(verified).value(), std::move(envelope), true, std::move(answer));
}

void Exchange::noteUnread(Binding binding, const Refusal& refusal) const {
    parts_.unauthenticated.note(binding, refusal.code, {});
}

/// A refusal by the verifying stage: evidence where the signer is known, a counted sample where not.
void Exchange::reject(RejectedMessage rejected, Binding binding, std::string envelope, AnswerSink answer) const {
    if (!rejected.authenticated() || !rejected.key) {
        parts_.unauthenticated.note(binding, rejected.refusal.code, std::move(envelope));
        const std::optional<MessageId> id = rejected.header ? std::optional(rejected.header->message_id) : std::nullopt;
        return answer(problemAnswer(rejected.http_status, rejected.refusal, id));
    }
    PreparedMessage message;
    if (rejected.content) {
        SignedContent& content = *rejected.content;
        if (!content.stored_envelope.empty()) envelope = std::move(content.stored_envelope);
        message = preparedFrom(content, nullptr, nullptr, parts_.clock.now());
    } else {
        message.has_header = rejected.header.has_value();
        if (rejected.header) message.header = std::move(*rejected.header);
        message.header.sender = *rejected.signer;
        message.binding = binding;
        message.received_at = parts_.clock.now();
        message.envelope_digest = sha256(envelope);
        message.certificate = *rejected.key;
        if (const auto* registered = parts_.known.current()->certificate(*rejected.key))
            message.certificate_der = registered->der;
    }
    message.claims_id = false;
    message.envelope.head = std::move(envelope);
    message.refusal = std::move(rejected.refusal);
    message.refusal_status = rejected.http_status;
    submit(std::move(message), MessageJob::Mode::Apply, std::move(answer));
}

void Exchange::prepareAndSubmit(VerifiedMessage verified, EnvelopeRow envelope, bool is_large,
                                AnswerSink answer) const {
    PreparedMessage message = preparedFrom(verified.content, verified.key_ring, verified.system, parts_.clock.now());
    message.mapping = verified.mapping;
    message.envelope = std::move(envelope);
    bool later = is_large;
    const auto shelf = parts_.mappings.current();
    const auto shelved = shelf->find(verified.mapping);
    if (shelved == shelf->end()) {
        message.refusal = unknownMapping(verified.mapping);
        message.claims_id = false;  // the center may mend this; the sender then sends the same again
    } else if (auto refusal = refuseEncoded(verified.content.payload)) {
        message.refusal = std::move(refusal);
    } else {
        const Mapping& mapping = *shelved->second.mapping;
        message.mapping_version = mapping.spec().version;
        message.mapping_files = shelved->second.files;
        if (!is_large) {
            PatchCollector records(kInlineRecords);
            auto report = mapPayload(mapping, verified.content.payload, parts_.limits, records);
            if (!report)
                message.refusal = std::move(report).error();
            else if (report->stopped)
                later = true;  // few bytes, many records: in slices, like any large message
            else
                message.records = records.take();
        }
    }
    submit(std::move(message), later && !message.refusal ? MessageJob::Mode::ReceiveForLater : MessageJob::Mode::Apply,
           std::move(answer));
}

void Exchange::submit(PreparedMessage message, MessageJob::Mode mode, AnswerSink answer) const {
    std::unique_ptr<CommitJob> job = std::make_unique<MessageJob>(
        std::move(message), mode, parts_.recorder, parts_.limits, std::move(answer), parts_.news, parts_.received);
    if (!parts_.committer.submit(job))
        job->failed(Fault(FaultCode::StoreUnavailable, "too many messages wait for the writer"));
}

}  // namespace caseway
