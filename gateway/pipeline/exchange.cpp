// gateway/pipeline/exchange.cpp - from a request to the writer's queue.
#include "gateway/pipeline/exchange.hpp"

#include <utility>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/header_fields.hpp"
#include "gateway/pipeline/patch_collector.hpp"

namespace caseway {
namespace {

/// Documents above this size go to the lane of their own: smaller ones are read in some milliseconds.
constexpr std::size_t kLargeTree = 256 * 1024;

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

void Exchange::take(const HttpRequest& request, std::string body, AnswerSink answer, const ShownClient& client,
                    Announced announced) const {
    const auto form = Verifier::formOf(request);
    const Binding binding = form ? form->binding : Binding::Http;
    if (binding != Binding::Xml || body.size() <= kLargeTree)
        return takeNow(request, binding, std::move(body), std::move(answer), client.certificate, std::move(announced));
    // `announced` ends here, and the lane announces nothing: no batch waits for one that waits itself.
    const std::size_t bytes = body.size();
    auto read = [this, request, body = std::move(body), answer,
                 certificate = client.certificate == nullptr ? std::nullopt
                                                             : std::optional(*client.certificate)]() mutable noexcept {
        try {
            takeNow(request, Binding::Xml, std::move(body), std::move(answer), certificate ? &*certificate : nullptr,
                    std::make_shared<Coming>());
        } catch (const std::exception& error) {  // an answer that nobody gives is a 500 of its own
            if (parts_.report_fault) parts_.report_fault(error.what());
        }
    };
    large_trees_.submit(
        {client.address, bytes, std::move(read), [answer] {
             answer(unavailableAnswer("busy", "too many large documents wait: send it again, or as smaller ones"));
         }});
}

void Exchange::takeNow(const HttpRequest& request, Binding binding, std::string body, AnswerSink answer,
                       const std::string* shown, Announced announced) const {
    Coming coming = announced ? std::move(*announced) : Coming(parts_.committer);
    auto verified = parts_.verifier.verify(request, body);
    if (!verified)
        return reject(std::move(verified).error(), binding, std::move(body), std::move(answer), std::move(coming),
                      shown);
    SignedContent& content = verified->content;
    const bool is_large = body.size() > parts_.limits.spool_above_bytes;
    EnvelopeRow envelope{content.stored_envelope.empty() ? std::move(body) : std::move(content.stored_envelope), {}};
    prepareAndSubmit(std::move(verified).value(), std::move(envelope), is_large, std::move(answer), std::move(coming));
}

void Exchange::take(Result<VerifiedHead, RejectedMessage> head, const SpooledBody& body, AnswerSink answer,
                    ShownClient client) const {
    Coming coming(parts_.committer);
    const auto refuse = [&](RejectedMessage rejected) {
        reject(std::move(rejected), Binding::Http, std::move(client.head), std::move(answer), std::move(coming),
               client.certificate);
    };
    if (!head) return refuse(std::move(head).error());
    auto verified = parts_.verifier.finish(std::move(head).value(), body.digest, {}, false);
    if (!verified) return refuse(std::move(verified).error());
    EnvelopeRow envelope{std::move(verified->content.stored_envelope), body.file};
    prepareAndSubmit(std::move(verified).value(), std::move(envelope), true, std::move(answer), std::move(coming));
}

void Exchange::refuseUnread(const HttpRequest& request, const std::optional<Refusal>& by_size, AnswerSink answer,
                            ShownClient client) const {
    Coming coming(parts_.committer);
    auto head = parts_.verifier.verifyHead(request);
    if (!head)
        return reject(std::move(head).error(), Binding::Http, std::move(client.head), std::move(answer),
                      std::move(coming), client.certificate);
    if (!by_size)  // what condemned it a moment ago is gone: the register or the clock moved on
        return answer(unavailableAnswer("busy", "send it again; nothing was taken"));
    RejectedMessage refused{
        *by_size,         statusOfRefusal(by_size->code), head->head.header.sender, head->head.certificate->id(), {},
        head->head.header};
    refused.head = std::move(head->head);
    reject(std::move(refused), Binding::Http, {}, std::move(answer), std::move(coming));
}

void Exchange::refuseShown(RejectedMessage rejected, std::string sent, const std::string& certificate,
                           AnswerSink answer) const {
    reject(std::move(rejected), Binding::Xml, std::move(sent), std::move(answer), Coming(parts_.committer),
           &certificate);
}

void Exchange::noteUnread(Binding binding, const RejectedMessage& rejected) const {
    parts_.unauthenticated.note(binding, {rejected.refusal, rejected.http_status, rejected.claimed}, {});
}

/// A refusal by the verifying stage: evidence where the signer is known, a counted sample where not.
void Exchange::reject(RejectedMessage rejected, Binding binding, std::string envelope, AnswerSink answer, Coming coming,
                      const std::string* shown) const {
    const bool is_signed = rejected.authenticated() && rejected.key;
    const auto client = is_signed || shown == nullptr ? Result<VerifiedClient, RejectedMessage>(RejectedMessage{})
                                                      : parts_.verifier.verifyClient(*shown);
    if (!is_signed && !client) {
        parts_.unauthenticated.note(binding, {rejected.refusal, rejected.http_status, rejected.claimed},
                                    std::move(envelope));
        return answer(problemAnswer(rejected.http_status, rejected.refusal, rejected.messageId()));
    }
    PreparedMessage message;
    const auto claimed_id = rejected.messageId();
    if (!is_signed) {  // what it claims is not believed; who sent it is
        message.has_header = false;
        message.header.sender = client->system->id;
        message.binding = binding;
        message.by_connection = true;
        message.received_at = parts_.clock.now();
        message.envelope_digest = sha256(envelope);
        message.certificate = client->key;
        message.certificate_der = client->der;
    } else if (rejected.content) {
        SignedContent& content = *rejected.content;
        if (!content.stored_envelope.empty()) envelope = std::move(content.stored_envelope);
        message = preparedFrom(content, nullptr, nullptr, parts_.clock.now());
    } else if (rejected.head) {
        HttpHead& head = *rejected.head;
        envelope = std::move(head.stored_head) + '\n';
        message.content_digest = contentDigest(head.header, head.body_digest);
        message.header = std::move(head.header);
        message.binding = binding;
        message.received_at = parts_.clock.now();
        message.envelope_digest = sha256(envelope);
        message.certificate = head.certificate->id();
        message.certificate_der = head.certificate->der();
    } else {
        if (!rejected.stored_envelope.empty()) envelope = std::move(rejected.stored_envelope);
        message.signed_digest = rejected.signed_digest;
        message.payload_digest = rejected.payload_digest;
        message.has_header = rejected.header.has_value();
        if (rejected.header) message.header = std::move(*rejected.header);
        message.header.sender = *rejected.signer;
        message.binding = binding;
        message.received_at = parts_.clock.now();
        message.envelope_digest = sha256(envelope);
        message.certificate = *rejected.key;
        message.certificate_der = std::move(rejected.certificate_der);
    }
    message.claims_id = false;
    message.claimed_id = claimed_id;
    message.envelope.head = std::move(envelope);
    message.refusal = std::move(rejected.refusal);
    message.refusal_status = rejected.http_status;
    submit(std::move(message), MessageJob::Mode::Apply, std::move(answer), std::move(coming));
}

void Exchange::prepareAndSubmit(VerifiedMessage verified, EnvelopeRow envelope, bool is_large, AnswerSink answer,
                                Coming coming) const {
    PreparedMessage message = preparedFrom(verified.content, verified.key_ring, verified.system, parts_.clock.now());
    message.mapping = verified.mapping;
    message.envelope = std::move(envelope);
    bool later = is_large;
    const auto shelf = parts_.mappings.current();
    const auto shelved = shelf->find(verified.mapping);
    if (auto coded = refuseEncoded(verified.content.payload)) {
        message.refusal_status = statusOfRefused(coded->code);
        message.refusal = std::move(coded);
        message.mapping.clear();    // none read it
        message.claims_id = false;  // the sender then sends the same without the coding
    } else if (shelved == shelf->end()) {
        message.refusal = unknownMapping(verified.mapping);
        message.mapping = message.header.mapping;
        message.claims_id = false;  // the center may mend this; the sender then sends the same again
    } else {
        // From here on a refusal keeps the id; the leaf names the mapping, which is how a verifier knows.
        const Mapping& mapping = *shelved->second.mapping;
        message.mapping_version = mapping.spec().version;
        message.mapping_files = shelved->second.files;
        if (!is_large) {
            PatchCollector records(parts_.limits.inline_records);
            auto report = mapPayload(mapping, verified.content.payload, parts_.limits, records);
            if (!report)
                message.refusal = std::move(report).error();
            else if (report->stopped)
                later = true;  // few bytes, many records: in slices, like any large message
            else
                message.records = records.take(), message.found = report->records,
                message.encoding_note = encodingNoteOf(*report);
        }
    }
    submit(std::move(message), later && !message.refusal ? MessageJob::Mode::ReceiveForLater : MessageJob::Mode::Apply,
           std::move(answer), std::move(coming));
}

void Exchange::submit(PreparedMessage message, MessageJob::Mode mode, AnswerSink answer, Coming coming) const {
    std::unique_ptr<CommitJob> job =
        std::make_unique<MessageJob>(std::move(message), mode, parts_.recorder, refused_before_, parts_.limits,
                                     std::move(answer), parts_.news, parts_.received);
    if (!parts_.committer.submit(job, std::move(coming)))
        job->failed(Fault(FaultCode::StoreUnavailable, "too many messages wait for the writer"));
}

}  // namespace caseway
