// gateway/verify/verifier.cpp - from a request to a verified message: form, keys of the sender, signature, then what
// the sender may.
#include "gateway/verify/verifier.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/mask.hpp"
#include "gateway/base/mask_numbers.hpp"
#include "gateway/base/too_deep.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/media_type.hpp"
#include "gateway/formats/envelope/xml_envelope.hpp"

namespace caseway {
namespace {

constexpr std::size_t kKeysTriedMax =
    8;  ///< an XML message without KeyName: overlapping certificates during a rotation

/// What names no key is XML: there the others can have signed nothing.
bool isForXml(const SigningKey& key) {
    const KeyKind kind = key.certificate->key().kind();
    return kind == KeyKind::EcP256 || kind == KeyKind::Rsa;
}

RejectedMessage rejected(OpenRefusal refused, ClaimedSigner claimed = {}) {
    const int status = statusOfRefusal(refused.refusal.code);
    RejectedMessage message{std::move(refused.refusal), status, std::move(refused.signer), refused.key};
    message.header = std::move(refused.header);
    message.signed_digest = refused.signed_digest;
    message.payload_digest = refused.payload_digest;
    message.stored_envelope = std::move(refused.stored_envelope);
    message.claimed = std::move(claimed);
    message.claimed.message_id = refused.claimed_id;
    return message;
}

/// With the certificate: the register may be another one before the refusal is logged.
RejectedMessage rejected(OpenRefusal refused, const KeyRing& ring, ClaimedSigner claimed = {}) {
    RejectedMessage made = rejected(std::move(refused), std::move(claimed));
    if (const auto* const registered = made.key ? ring.certificate(*made.key) : nullptr)
        made.certificate_der = registered->der;
    return made;
}

RejectedMessage rejected(Refusal refusal) {
    return rejected(OpenRefusal{std::move(refusal)});
}

/// The evidence of a signed head that is no good is the head with the body that it was signed for, and no other.
OpenRefusal withBody(OpenRefusal refused, std::string_view body) {
    if (!refused.signer || !refused.payload_digest) return refused;
    if (sha256(body) == *refused.payload_digest) {
        refused.stored_envelope += body;
        return refused;
    }
    OpenRefusal forged{httpDigestMismatch()};
    forged.claimed_id = refused.claimed_id;
    return forged;
}

/// Nobody has signed for this name: it may be a person's number.
Refusal unknownSender(const SystemId& sender) {
    return {"unknown_sender", "sender", withNumbersMasked(sender.text()), "a registered system",
            "Ask the center to register this system"};
}

Refusal unknownKey(const std::optional<KeyId>& key) {
    return {"unknown_key", "key id", key ? key->text() : "", "a certificate that is registered for the sender",
            "Register it at the center (caseway cert add DEPARTMENT/SYSTEM CERT.pem), or name the one that is: "
            "openssl x509 -in CERT -outform DER | sha256sum"};
}

}  // namespace

Verifier::Verifier(const Register& known, const Clock& clock, std::string gateway_id, const Limits& limits,
                   ExpiredAuthorities expired_authorities)
    : register_(known),
      clock_(clock),
      gateway_id_(std::move(gateway_id)),
      limits_(limits),
      expired_authorities_(expired_authorities) {}

Result<MessageForm, RejectedMessage> Verifier::formOf(const HttpRequest& request) {
    if (request.count("signature") != 0) return MessageForm{Binding::Http};
    const std::string* const text = request.only("content-type");
    const auto media = text == nullptr ? std::nullopt : parseMediaType(*text);
    const std::string_view type = media ? std::string_view(media->type) : std::string_view();
    if (type == "application/xml" || type == "text/xml") return MessageForm{Binding::Xml};
    if (type == "application/jose") return MessageForm{Binding::Json, JwsForm::Compact};
    if (type == "application/jose+json") return MessageForm{Binding::Json, JwsForm::Flattened};
    return rejected(Refusal{"unknown_type", "Content-Type", masked(type),
                            "application/xml, text/xml, application/jose, application/jose+json, or a Signature field",
                            "Choose a binding: docs/formats/messages.md"});
}

std::optional<Refusal> Verifier::notGoodNow(const RegisteredCertificate& entry, const Certificate& certificate) const {
    const Instant now = clock_.now();
    const auto refusal = [&entry](const char* code, std::string rule, const char* hint) {
        return Refusal{code, "certificate", entry.id.text(), std::move(rule), hint};
    };
    if (entry.revoked_at)
        return refusal("certificate_revoked", "revoked by its authority at " + toRfc3339(*entry.revoked_at),
                       "Make a new key, have it signed and registered");
    if (now < certificate.notBefore())
        return refusal("certificate_not_yet_valid", "valid from " + toRfc3339(certificate.notBefore()),
                       "Wait, or sign with the certificate before it");
    if (now > certificate.notAfter())
        return refusal("certificate_expired", "valid until " + toRfc3339(certificate.notAfter()),
                       "Register a new certificate");
    if (!entry.issuer) return std::nullopt;
    if (entry.issuer->revoked_at)
        return refusal("issuer_revoked",
                       fmt::format("the authority {} that issued it was revoked at {}", entry.issuer->authority,
                                   toRfc3339(*entry.issuer->revoked_at)),
                       "Have a new certificate issued by an authority that is good, and registered");
    if (expired_authorities_ == ExpiredAuthorities::Refuse && now > entry.issuer->until)
        return refusal("issuer_expired",
                       fmt::format("the authority {} that issued it was valid until {}", entry.issuer->authority,
                                   toRfc3339(entry.issuer->until)),
                       "Ask the center to register the authority's new certificate: caseway cert ca add NAME FILE");
    return std::nullopt;
}

Result<std::vector<SigningKey>> Verifier::usable(const std::vector<const RegisteredCertificate*>& registered) const {
    std::vector<SigningKey> keys;
    Refusal why = unknownKey(std::nullopt);
    for (const RegisteredCertificate* const entry : registered) {
        auto certificate = certificates_.get(entry->id, entry->der);
        if (!certificate) {
            why = certificate.error();
        } else if (auto refusal = notGoodNow(*entry, **certificate)) {
            why = std::move(*refusal);
        } else {
            keys.push_back({*certificate, entry->owner});
        }
    }
    if (keys.empty()) return why;
    if (keys.size() > kKeysTriedMax) {
        std::stable_partition(keys.begin(), keys.end(), isForXml);
        keys.resize(kKeysTriedMax);
    }
    return keys;
}

KeyLookup Verifier::lookupIn(const KeyRing& ring, ClaimedSigner& claimed) const {
    return [this, &ring, &claimed](const std::optional<SystemId>& sender,
                                   const std::optional<KeyId>& named) -> Result<std::vector<SigningKey>> {
        if (sender) claimed.sender = sender;
        if (named) claimed.key = named;
        if (sender && ring.system(*sender) == nullptr) return unknownSender(*sender);
        if (!named) return usable(ring.certificatesOf(*sender));
        const RegisteredCertificate* const certificate = ring.certificate(*named);
        if (certificate != nullptr && !claimed.sender) claimed.sender = certificate->owner;
        if (certificate == nullptr || (sender && certificate->owner != *sender)) return unknownKey(named);
        return usable({certificate});
    };
}

Result<SignedContent, OpenRefusal> Verifier::open(const HttpRequest& request, MessageForm form, std::string_view body,
                                                  const KeyRing& ring, ClaimedSigner& claimed) const {
    const KeyLookup keys = lookupIn(ring, claimed);
    if (form.binding == Binding::Http) {
        auto head = openHttpHead(request, keys);
        if (!head) return withBody(std::move(head).error(), body);
        return finishHttp(std::move(*head), sha256(body), std::string(body), true);
    }
    if (body.size() > limits_.tree_body_bytes)
        return OpenRefusal{{"too_large", "body", "", fmt::format("at most {} bytes", limits_.tree_body_bytes),
                            "Use the HTTP binding for large payloads"}};
    auto opened = form.binding == Binding::Json
                      ? openJson(body, form.jws, JsonLimits{.depth = limits_.depth}, keys)
                      : openXml(bytesOf(body), XmlParseLimits{limits_.tree_body_bytes, limits_.depth}, keys);
    if (opened) return opened;
    OpenRefusal refused = std::move(opened).error();
    refused.refusal = withDepthSetting(std::move(refused.refusal));
    return refused;
}

Result<VerifiedMessage, RejectedMessage> Verifier::verify(const HttpRequest& request, std::string_view body) const {
    auto form = formOf(request);
    if (!form) return std::move(form).error();
    std::shared_ptr<const KeyRing> ring = register_.current();
    ClaimedSigner claimed;
    auto content = open(request, *form, body, *ring, claimed);
    if (!content) return rejected(std::move(content).error(), *ring, std::move(claimed));
    return decide(std::move(*content), std::move(ring));
}

Result<VerifiedHead, RejectedMessage> Verifier::verifyHead(const HttpRequest& request) const {
    VerifiedHead verified;
    verified.key_ring = register_.current();
    ClaimedSigner claimed;
    auto head = openHttpHead(request, lookupIn(*verified.key_ring, claimed));
    if (!head) {
        head.error().payload_digest.reset();  // nobody has read that body
        return rejected(std::move(head).error(), *verified.key_ring, std::move(claimed));
    }
    verified.system = verified.key_ring->system(head->header.sender);
    auto mapping = admit(head->header, head->created, *verified.system);
    if (!mapping) {
        RejectedMessage refused = rejected(mapping.error());
        refused.signer = head->header.sender;
        refused.key = head->certificate->id();
        refused.header = head->header;
        refused.head = std::move(*head);
        return refused;
    }
    verified.mapping = std::move(*mapping);
    verified.head = std::move(*head);
    return verified;
}

Result<VerifiedMessage, RejectedMessage> Verifier::finish(VerifiedHead head, const Sha256& body_digest,
                                                          std::string body, bool is_inline) const {
    auto content = finishHttp(std::move(head.head), body_digest, std::move(body), is_inline);
    if (!content) return rejected(std::move(content).error(), *head.key_ring);
    return VerifiedMessage{std::move(*content), std::move(head.mapping), std::move(head.key_ring), head.system};
}

Result<VerifiedMessage, RejectedMessage> Verifier::decide(SignedContent content,
                                                          std::shared_ptr<const KeyRing> ring) const {
    const RegisteredSystem& system = *ring->system(content.header.sender);
    auto mapping = admit(content.header, content.created, system);
    if (mapping) return VerifiedMessage{std::move(content), std::move(*mapping), std::move(ring), &system};
    RejectedMessage refused = rejected(mapping.error());
    refused.signer = content.header.sender;
    refused.key = content.certificate->id();
    refused.header = content.header;
    refused.content = std::move(content);
    return refused;
}

Result<VerifiedClient, RejectedMessage> Verifier::verifyClient(const std::string& der) const {
    const auto refused = [](Refusal refusal) {
        if (refusal.where != "sender") refusal.where = "client certificate";
        return rejected(std::move(refusal));
    };
    auto ring = register_.current();
    const KeyId key(sha256(der));
    const RegisteredCertificate* const shown = ring->certificate(key);
    const RegisteredSystem* const system = shown == nullptr ? nullptr : ring->system(shown->owner);
    if (system == nullptr) return refused(unknownKey(key));
    if (auto keys = usable({shown}); !keys) return refused(std::move(keys).error());
    if (auto refusal = suspended(*system)) return refused(std::move(*refusal));
    return VerifiedClient{std::move(ring), system, key, shown->der};
}

Result<VerifiedReader, RejectedMessage> Verifier::verifyRead(const HttpRequest& request) const {
    VerifiedReader verified;
    verified.key_ring = register_.current();
    ClaimedSigner claimed;
    const auto reader = openHttpRead(request, lookupIn(*verified.key_ring, claimed));
    if (!reader) return rejected(reader.error(), std::move(claimed));
    const std::string* const receiver = request.only("caseway-receiver");
    if (receiver != nullptr && *receiver != gateway_id_)
        return rejected(Refusal{"wrong_receiver", "Caseway-Receiver", masked(*receiver), gateway_id_,
                                "Ask the gateway that you name"});
    const std::string* const sender = request.only("caseway-sender");
    if (sender != nullptr && *sender != reader->system.text())
        return rejected(Refusal{"unknown_key", "Caseway-Sender", masked(*sender), "the system whose key signed",
                                "Sign with the key of the system that asks, or leave Caseway-Sender out"});
    if (auto refusal = outsideTime(reader->created, "created")) return rejected(std::move(*refusal));
    if (clock_.now() - reader->created > limits_.ahead)
        return rejected(Refusal{"sent_at_too_old", "created", toRfc3339(reader->created),
                                fmt::format("at most {} minutes old", limits_.ahead.count()),
                                "Sign each request anew"});
    verified.id = reader->system;
    verified.system = verified.key_ring->system(verified.id);
    if (verified.system == nullptr) return rejected(unknownSender(verified.id));
    if (auto refusal = suspended(*verified.system)) return rejected(std::move(*refusal));
    return verified;
}

}  // namespace caseway
