// gateway/verify/verifier.hpp - the stage's door: who signed, may that key sign now, is the message for us and of our
// time. What it hands on is exactly what the signature covered. Out: VerifiedMessage, or RejectedMessage with its HTTP
// status.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/limits.hpp"
#include "gateway/domain/answer_head.hpp"
#include "gateway/domain/pulled_signature.hpp"
#include "gateway/formats/envelope/answer_content.hpp"
#include "gateway/formats/envelope/http_envelope.hpp"
#include "gateway/formats/envelope/json_envelope.hpp"
#include "gateway/formats/envelope/signed_content.hpp"
#include "gateway/ports/clock.hpp"
#include "gateway/ports/key_ring.hpp"

namespace caseway {

/// The register as it was when the message was verified, and the sender in it.
struct VerifiedMessage {
    SignedContent content;
    std::string mapping;  ///< that the message names, or the only one of its system
    std::shared_ptr<const KeyRing> key_ring;
    const RegisteredSystem* system = nullptr;  ///< lives in key_ring
};

/// Who a message says it is from, before anybody verified it: for telling the operator, never for a decision.
struct ClaimedSigner {
    std::optional<SystemId> sender;  ///< as the envelope claims, or the owner of the registered key that it names
    std::optional<KeyId> key;
    std::optional<MessageId> message_id{};
};

/// Why a message was not taken. Where `signer` is set its signature was good: the refusal is evidence and gets a leaf
/// of its own, unless the same content was answered before (`content->content_digest`). Else nobody authenticated it.
struct RejectedMessage {
    Refusal refusal;
    int http_status = 400;
    std::optional<SystemId> signer{};
    std::optional<KeyId> key{};
    std::string certificate_der{};           ///< of `key`, as the register that was asked had it
    std::optional<MessageHeader> header{};   ///< trusted where signer is set; else as claimed, or empty
    std::optional<SignedContent> content{};  ///< where everything verified but the sender may not, or not now
    std::optional<HttpHead> head{};          ///< the same where only the head was there

    // Where signer is set and neither content nor head is: OpenRefusal tells of them.
    std::optional<Sha256> signed_digest{};
    std::optional<Sha256> payload_digest{};
    std::string stored_envelope{};  ///< HTTP: the bytes to store, with the body where that was read

    ClaimedSigner claimed{};  ///< where signer is not set, as far as it was read

    bool authenticated() const { return signer.has_value(); }
    /// For the answer: the header's, else as claimed; nothing where neither was read.
    std::optional<MessageId> messageId() const {
        return header ? std::optional(header->message_id) : claimed.message_id;
    }
};

/// How a request carries its message. Source: docs/formats/messages.md.
struct MessageForm {
    Binding binding = Binding::Xml;
    JwsForm jws = JwsForm::Compact;
};

/// A verified head of the HTTP binding, waiting for its body.
struct VerifiedHead {
    HttpHead head;
    std::string mapping;
    std::shared_ptr<const KeyRing> key_ring;
    const RegisteredSystem* system = nullptr;
};

/// Whoever showed a registered certificate in the handshake, and so proved to have its key.
struct VerifiedClient {
    std::shared_ptr<const KeyRing> key_ring;
    const RegisteredSystem* system = nullptr;
    KeyId key;
    std::string der;
};

struct VerifiedReader {
    SystemId id;
    std::shared_ptr<const KeyRing> key_ring;
    const RegisteredSystem* system = nullptr;
};

/// What is done with messages under certificates whose authority expired meanwhile. A revoked one's are never taken.
enum class ExpiredAuthorities { Accept, Refuse };

/// Certificates that are kept decoded.
inline constexpr std::size_t kCertificatesKept = 1024;

/// Callable concurrently. The references must outlive it.
class Verifier {
public:
    Verifier(const Register& known, const Clock& clock, std::string gateway_id, const Limits& limits,
             ExpiredAuthorities expired_authorities = ExpiredAuthorities::Accept);

    /// By the Signature field, else the Content-Type. Rejects with 415.
    static Result<MessageForm, RejectedMessage> formOf(const HttpRequest& request);

    /// A whole message of any binding whose body is in memory.
    Result<VerifiedMessage, RejectedMessage> verify(const HttpRequest& request, std::string_view body) const;

    /// HTTP binding, before the body is read: refuses early what the head alone condemns. A head that verifies but may
    /// not is evidence of its own: its fields and the digest of the body are what was signed, though nobody read the
    /// body.
    Result<VerifiedHead, RejectedMessage> verifyHead(const HttpRequest& request) const;
    /// And after: `body_digest` of all bytes as they came. `body` where it is kept inline, else empty.
    Result<VerifiedMessage, RejectedMessage> finish(VerifiedHead head, const Sha256& body_digest, std::string body,
                                                    bool is_inline) const;

    /// A payload that was read from `system` and bears a signature of this form: by a key that is registered for that
    /// very system and good now; a message must be from it, for us, for `mapping` where it names one, and not ahead of
    /// our clock; it may be as old as it is. The content of a document has no header. Refusals: those of the form;
    /// wrong_sender, unknown_key, certificate_expired, certificate_revoked …, wrong_receiver, sent_at_ahead,
    /// mapping_not_allowed.
    Result<SignedContent> verifyPulled(SignatureForm form, std::string_view bytes, const KeyRing& ring,
                                       const SystemId& system, std::string_view mapping) const;

    /// The answer of `system` whose head is signed over its content: by a key as verifyPulled() takes it, not ahead of
    /// our clock, and not expired at `read_at`. Its content has no header and no payload. Refusals: those of
    /// openAnswer(); unknown_key, certificate_expired, certificate_revoked …, sent_at_ahead, signature_expired.
    Result<SignedContent> verifyAnswer(const AnswerHead& head, const AnswerContent& body, Instant read_at,
                                       const KeyRing& ring, const SystemId& system) const;

    /// A signed request for reading; fresh within Limits::ahead both ways.
    Result<VerifiedReader, RejectedMessage> verifyRead(const HttpRequest& request) const;

    /// `der`: as shown in the handshake. Refusals: unknown_key, certificate_expired, certificate_revoked,
    /// system_suspended, department_suspended …
    Result<VerifiedClient, RejectedMessage> verifyClient(const std::string& der) const;

    /// Why nothing of a suspended system, or of a system of a suspended department, is taken; nothing where it is.
    static std::optional<Refusal> suspended(const RegisteredSystem& system);

private:
    /// `ring` and `system` must outlive it.
    KeyLookup keysOfPulled(const KeyRing& ring, const SystemId& system) const;
    /// `claimed`: filled with what is looked up; must outlive the lookup.
    KeyLookup lookupIn(const KeyRing& ring, ClaimedSigner& claimed) const;
    /// Why nothing is taken under this certificate now.
    std::optional<Refusal> notGoodNow(const RegisteredCertificate& entry, const Certificate& certificate) const;
    Result<std::vector<SigningKey>> usable(const std::vector<const RegisteredCertificate*>& registered) const;
    std::optional<Refusal> ahead(Instant instant, std::string_view where) const;
    std::optional<Refusal> elsewhere(const MessageHeader& header) const;
    std::optional<Refusal> outsideTime(Instant instant, std::string_view where) const;
    Result<std::string> admit(const MessageHeader& header, const std::optional<Instant>& created,
                              const RegisteredSystem& system) const;
    Result<VerifiedMessage, RejectedMessage> decide(SignedContent content, std::shared_ptr<const KeyRing> ring) const;
    Result<SignedContent, OpenRefusal> open(const HttpRequest& request, MessageForm form, std::string_view body,
                                            const KeyRing& ring, ClaimedSigner& claimed) const;

    const Register& register_;
    const Clock& clock_;
    std::string gateway_id_;
    Limits limits_;
    ExpiredAuthorities expired_authorities_;
    mutable CertificateCache certificates_{kCertificatesKept, ForgeableKeys::Refused};
};

/// The HTTP status that the protocol gives a refusal of this stage.
int statusOfRefusal(std::string_view code);

}  // namespace caseway
