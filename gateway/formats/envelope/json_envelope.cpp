// gateway/formats/envelope/json_envelope.cpp - opening a JWS: outer form, signature, payload, in this order; and making
// one.
#include "gateway/formats/envelope/json_envelope.hpp"

#include <fmt/format.h>

#include "gateway/base/base64.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/crypto/ecdsa_signature.hpp"
#include "gateway/formats/envelope/header_fields.hpp"
#include "gateway/formats/envelope/json_span.hpp"
#include "gateway/formats/envelope/jws_parts.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

constexpr std::size_t kHeaderBytesMax = 4096;

/// Reads nothing: for the reader's own checks (form, depth, duplicate names).
class Unheeded final : public JsonHandler {
public:
    bool startObject() override { return true; }
    bool key(std::string_view) override { return true; }
    bool endObject() override { return true; }
    bool startArray() override { return true; }
    bool endArray() override { return true; }
    bool text(std::string_view) override { return true; }
    bool number(std::string_view) override { return true; }
    bool boolean(bool) override { return true; }
    bool null() override { return true; }
};

Refusal malformedPayload(std::string_view rule) {
    return Refusal{"malformed_payload", "payload", "", std::string(rule), "{\"header\":{…},\"body\":…}"};
}

Result<HeaderFields> readHeader(std::string_view json) {
    JsonTree tree;
    const auto value = parseJson(json, JsonLimits{.depth = 2}, tree);
    if (!value || (*value)->type != JsonValue::Type::Object) return malformedPayload("header is an object of texts");
    HeaderFields fields(Binding::Json);
    for (std::uint32_t i = 0; i < (*value)->count; ++i) {
        const JsonValue::Member& member = (*value)->members[i];
        if (member.value.type != JsonValue::Type::String) return malformedPayload("header is an object of texts");
        fields.take(member.name, member.value.text);
    }
    return fields;
}

/// Checks the payload as a whole and finds header and body in it.
Result<HeaderFields> readPayload(const JsonLimits& limits, SignedPayload& payload) {
    Unheeded unheeded;
    if (auto read = readJson(payload.bytes, limits, unheeded); !read) return read.error();
    const auto members = memberSpans(payload.bytes, 2);
    if (!members || members->size() != 2) return malformedPayload("an object of exactly header and body");
    const bool header_first = (*members)[0].name == "header";
    const JsonMemberSpan& header = (*members)[header_first ? 0 : 1];
    const JsonMemberSpan& body = (*members)[header_first ? 1 : 0];
    if (header.name != "header" || body.name != "body") return malformedPayload("an object of exactly header and body");
    if (header.value.size() > kHeaderBytesMax) return malformedPayload("a header of at most 4,096 bytes");
    payload.body_offset = static_cast<std::size_t>(body.value.data() - payload.bytes.data());
    payload.body_bytes = body.value.size();
    return readHeader(header.value);
}

/// The claimed sender must own the key that verified.
Result<MessageHeader> trustedHeader(const HeaderFields& fields, const SigningKey& key, const KeyLookup& keys) {
    auto header = fields.finish();
    if (!header) return header;
    if (auto own = keys(header->sender, key.certificate->id()); !own) return own.error();
    return header;
}

}  // namespace

Result<SignedContent, OpenRefusal> openJson(std::string_view envelope, JwsForm form, const JsonLimits& limits,
                                            const KeyLookup& keys) {
    auto parts = takeJwsApart(envelope, form);
    if (!parts) return OpenRefusal{parts.error()};
    auto candidates = keys(std::nullopt, parts->key_id);
    if (!candidates) return OpenRefusal{candidates.error()};
    const SigningKey& key = candidates->front();
    if (!key.certificate->key().verify(parts->algorithm, bytesOf(parts->signingInput()), bytesOf(parts->signature)))
        return OpenRefusal{
            {"bad_signature", "signature", parts->key_id.text(),
             "made over this content with the registered key, by the algorithm of that key",
             parts->algorithm == SignatureAlgorithm::EcdsaP256Sha256 && ecdsaDerToRaw(bytesOf(parts->signature))
                 ? "It is in DER, as openssl and Java write it: a JWS takes r and s of 32 bytes each, one "
                   "behind the other (RFC 7518 §3.4; Java: SHA256withECDSAinP1363Format)"
                 : "Check alg and kid; sign the bytes that are sent; or key and certificate are no pair: "
                   "caseway cert doctor"}};

    OpenRefusal refused{{}, key.owner, key.certificate->id()};
    const auto because = [&](Refusal why) {
        refused.refusal = std::move(why);
        refused.signed_digest = sha256(parts->signingInput());
        return std::move(refused);
    };
    SignedContent content;
    content.binding = Binding::Json;
    content.certificate = key.certificate;
    content.payload.form = SignedPayload::Form::JsonText;
    auto bytes = fromBase64Url(parts->payloadText());
    if (!bytes) return because(jwsMalformed("payload", "strict base64url"));
    content.payload.bytes = std::move(*bytes);
    const auto fields = readPayload(limits, content.payload);
    if (!fields) return because(fields.error());
    content.payload_digest = sha256(content.payload.jsonText());
    refused.claimed_id = fields->messageId();
    refused.payload_digest = content.payload_digest;
    auto header = trustedHeader(*fields, key, keys);
    if (!header) return because(header.error());
    content.header = std::move(*header);
    content.payload.media_type = "application/json";
    content.envelope_digest = sha256(envelope);
    content.content_digest = contentDigest(content.header, content.payload_digest);
    return content;
}

Result<std::string> signJson(const MessageHeader& header, std::string_view body, const PrivateKey& key,
                             const KeyId& key_id, JwsForm form, SignatureAlgorithm algorithm) {
    const std::string_view name = jwsName(algorithm);
    if (name.empty() || keyKindOf(algorithm) != key.kind())
        return Refusal{"key_not_good", "private key", std::string(nameOf(key.kind())),
                       "the JSON binding takes P-256, RSA and Ed25519 keys",
                       "Use --binding http: the only one that takes SM2"};
    Unheeded unheeded;
    if (auto read = readJson(body, JsonLimits{}, unheeded); !read) return read.error();
    const std::string protected_text =
        toBase64Url(bytesOf(fmt::format(R"({{"alg":"{}","kid":"{}","typ":"{}"}})", name, key_id.text(), kJwsType)));
    const std::string payload =
        toBase64Url(bytesOf(fmt::format(R"({{"header":{},"body":{}}})", canonicalHeader(header), body)));
    std::string input = protected_text + '.' + payload;
    const std::string signature = toBase64Url(bytesOf(key.sign(algorithm, bytesOf(input))));
    if (form == JwsForm::Compact) return input + '.' + signature;
    return fmt::format(R"({{"payload":"{}","protected":"{}","signature":"{}"}})", payload, protected_text, signature);
}

Result<std::string> signJson(const MessageHeader& header, std::string_view body, const PrivateKey& key,
                             const KeyId& key_id, JwsForm form) {
    return signJson(header, body, key, key_id, form, usualAlgorithm(key.kind()));
}

}  // namespace caseway
