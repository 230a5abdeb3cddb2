// gateway/formats/envelope/signed_content.hpp - what a verified envelope proves: header, signer, digests, and the
// payload exactly as it was signed. The same for the three bindings. Rules and digests: docs/formats/messages.md.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/domain/message.hpp"
#include "gateway/formats/crypto/certificate.hpp"
#include "gateway/formats/xml/document.hpp"

namespace caseway {

/// A certificate that may sign for a system. `owner` is empty where nobody looked (recheck of stored evidence).
struct SigningKey {
    CertificatePtr certificate;
    std::optional<SystemId> owner;
};

/// The caller's register: the keys that may have signed. `sender`: claimed by the envelope, empty where it is not known
/// before the signature is verified. `named`: the key id that the envelope names, if any. Never returns more than a few
/// keys, and never none. Refusals (unknown_sender, unknown_key, certificate_expired …) are handed on as they are.
using KeyLookup = std::function<Result<std::vector<SigningKey>>(const std::optional<SystemId>& sender,
                                                                const std::optional<KeyId>& named)>;

/// The signed payload in the form in which it can be mapped without a second reading of the envelope.
struct SignedPayload {
    enum class Form {
        XmlElement,  ///< `document` and `element`: the tree that the signature covered
        JsonText,    ///< jsonText(): the bytes of the body member, as signed
        Bytes,  ///< `bytes`: base64 payload of the XML binding, or the body of the HTTP binding (empty where it was
                ///< spooled)
    };
    Form form = Form::Bytes;
    std::optional<XmlDocument> document;
    const XmlNode* element = nullptr;
    std::string bytes;  ///< Bytes; JsonText: the JWS payload, of which body_offset and body_bytes are the body
    std::size_t body_offset = 0;
    std::size_t body_bytes = 0;
    std::string media_type;        ///< lower case, without parameters; empty where the binding has none
    std::string charset;           ///< as declared; empty where not
    std::string content_encoding;  ///< HTTP: "gzip" …, lower case; empty for none

    std::string_view jsonText() const { return std::string_view(bytes).substr(body_offset, body_bytes); }
};

struct SignedContent {
    Binding binding = Binding::Xml;
    MessageHeader header;
    CertificatePtr certificate;      ///< that verified
    std::optional<Instant> created;  ///< HTTP: when the signature says it was made
    Sha256 payload_digest;           ///< per binding: docs/formats/messages.md, "Digests"
    Sha256 content_digest;           ///< header and payload digest: the same message, or another content under its id
    Sha256 envelope_digest;          ///< of the bytes that are stored
    std::string stored_envelope;     ///< HTTP: the bytes to store; empty in the other bindings, which store what came
    SignedPayload payload;
};

/// Why an envelope was not taken. `signer` is set where its signature was good: the refusal is then evidence.
struct OpenRefusal {
    Refusal refusal;
    std::optional<SystemId> signer{};
    std::optional<KeyId> key{};
    std::optional<MessageHeader> header{};
    std::optional<MessageId> claimed_id{};   ///< as the envelope says, whether anybody believes it or not

    // Where `signer` is set:
    std::optional<Sha256> signed_digest{};   ///< of what was signed: the same however the envelope is written
    std::optional<Sha256> payload_digest{};  ///< where there is a payload; HTTP: that the body must have
    std::string stored_envelope{};           ///< HTTP: the bytes to store, without the body
};

}  // namespace caseway
