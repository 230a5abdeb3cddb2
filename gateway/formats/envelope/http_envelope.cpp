// gateway/formats/envelope/http_envelope.cpp - what a signed head must cover, and what is kept of it.
#include "gateway/formats/envelope/http_envelope.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/base64.hpp"
#include "gateway/base/mask.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/candidates.hpp"
#include "gateway/formats/envelope/header_fields.hpp"
#include "gateway/formats/envelope/media_type.hpp"
#include "gateway/formats/envelope/signature_base.hpp"
#include "gateway/formats/envelope/stored_http.hpp"
#include "gateway/formats/text/lower_case.hpp"

namespace caseway {
namespace {

constexpr std::string_view kMessageTag = "caseway-message";
constexpr std::string_view kReadTag = "caseway-read";
constexpr std::string_view kRequired[] = {"@method", "@path", "content-type", "content-digest"};

bool covers(const SignatureInput& input, std::string_view component) {
    return std::find(input.components.begin(), input.components.end(), component) != input.components.end();
}

/// The Caseway-* fields of a request, each once and covered.
Result<std::vector<HttpField>> casewayFields(const HttpRequest& request, const SignatureInput& input) {
    std::vector<HttpField> fields;
    for (const HttpField& field : request.fields) {
        std::string name = lowerCase(field.name);
        if (!name.starts_with("caseway-")) continue;
        if (request.count(name) != 1) return httpMalformed(withNamesMasked(name), "stands once");
        if (!covers(input, name)) return httpMalformed(withNamesMasked(name), "is covered by the signature");
        fields.push_back({std::move(name), field.value});
    }
    return fields;
}

Result<Done> checkMessageCoverage(const HttpRequest& request, const SignatureInput& input) {
    for (const std::string_view component : kRequired)
        if (!covers(input, component)) return httpMalformed("Signature-Input", fmt::format("covers \"{}\"", component));
    const bool encoded = request.count("content-encoding") != 0;
    if (encoded && !covers(input, "content-encoding"))
        return httpMalformed("Signature-Input", "covers \"content-encoding\"");
    if (request.method != "POST") return httpMalformed("request", "POST");
    if (request.target.find('?') != std::string::npos)
        return httpMalformed("request", "no query: it would not be signed");
    for (const std::string& component : input.components) {
        const bool known = std::find(std::begin(kRequired), std::end(kRequired), component) != std::end(kRequired) ||
                           component == "content-encoding" || component.starts_with("caseway-");
        if (!known) return httpMalformed("Signature-Input", "covers the protocol's components and no other");
    }
    return Done{};
}

Result<Done> readBodyFields(const HttpRequest& request, HttpHead& head) {
    const auto digest = parseBytesMember(*request.only("content-digest"));
    if (!digest || digest->key != "sha-256" || digest->bytes.size() != head.body_digest.bytes.size())
        return httpMalformed("Content-Digest", "sha-256=:base64 of 32 bytes: and no other digest");
    std::copy(digest->bytes.begin(), digest->bytes.end(), head.body_digest.bytes.begin());
    auto media = parseMediaType(*request.only("content-type"));
    if (!media) return httpMalformed("Content-Type", "type/subtype, perhaps with charset");
    head.media_type = std::move(media->type);
    head.charset = std::move(media->charset);
    if (const std::string* const encoding = request.only("content-encoding"))
        head.content_encoding = lowerCase(*encoding);
    if (head.content_encoding == "identity") head.content_encoding.clear();
    return Done{};
}

Result<HeaderFields> readHeaderFields(const HttpRequest& request, const SignatureInput& input) {
    const auto fields = casewayFields(request, input);
    if (!fields) return fields.error();
    HeaderFields header(Binding::Http);
    for (const HttpField& field : *fields) header.take(field.name, field.value);
    return header;
}

}  // namespace

Result<HttpHead, OpenRefusal> openHttpHead(const HttpRequest& request, const KeyLookup& keys) {
    HttpHead head;
    const auto signature = readHttpSignature(request, kMessageTag);
    if (!signature) return OpenRefusal{signature.error()};
    if (auto good = checkMessageCoverage(request, signature->input); !good) return OpenRefusal{good.error()};
    auto base = signatureBase(request, signature->input);
    if (!base) return OpenRefusal{base.error()};
    const auto fields = readHeaderFields(request, signature->input);
    if (!fields) return OpenRefusal{fields.error()};
    OpenRefusal refused;
    refused.claimed_id = fields->messageId();
    const auto because = [&refused](Refusal why) { return refused.refusal = std::move(why), std::move(refused); };
    const auto candidates = candidatesFor(*fields, signature->key_id, keys);
    if (!candidates) return because(candidates.error());
    const SigningKey& key = candidates->keys.front();
    head.certificate = key.certificate;
    if (!verifyBase(head.certificate->key(), *signature, *base))
        return because(candidates->wrong.value_or(httpBadSignature(signature->key_id)));

    head.created = signature->created;
    head.signature_base = std::move(*base);
    head.stored_head = storedHttpHead(request, signature->input, head.signature_base);
    const auto body_fields = readBodyFields(request, head);
    auto header = candidates->wrong ? Result<MessageHeader>(*candidates->wrong) : fields->finish();
    if (body_fields && header) {
        head.header = std::move(*header);
        return head;
    }
    refused.signer = key.owner;
    refused.key = head.certificate->id();
    refused.signed_digest = sha256(head.signature_base);
    refused.stored_envelope = std::move(head.stored_head) + '\n';
    if (!body_fields) return because(body_fields.error());
    refused.payload_digest = head.body_digest;
    return because(header.error());
}

Refusal httpDigestMismatch() {
    return {"digest_mismatch", "Content-Digest", "", "the SHA-256 of the body as it was sent",
            "Digest the bytes that go over the wire, and send the payload as it is: what is compressed is not taken"};
}

Result<SignedContent, OpenRefusal> finishHttp(HttpHead head, const Sha256& body_digest, std::string body,
                                              bool is_inline) {
    if (body_digest != head.body_digest) {
        OpenRefusal refused{httpDigestMismatch()};
        refused.claimed_id = head.header.message_id;
        return refused;
    }
    SignedContent content;
    content.binding = Binding::Http;
    content.header = std::move(head.header);
    content.certificate = std::move(head.certificate);
    content.created = head.created;
    content.payload_digest = body_digest;
    content.content_digest = contentDigest(content.header, body_digest);
    content.stored_envelope = std::move(head.stored_head) + '\n';
    if (is_inline) content.stored_envelope += body;
    content.envelope_digest = sha256(content.stored_envelope);
    content.payload.form = SignedPayload::Form::Bytes;
    content.payload.bytes = std::move(body);
    content.payload.media_type = std::move(head.media_type);
    content.payload.charset = std::move(head.charset);
    content.payload.content_encoding = std::move(head.content_encoding);
    return content;
}

Result<HttpReader, OpenRefusal> openHttpRead(const HttpRequest& request, const KeyLookup& keys) {
    const auto signature = readHttpSignature(request, kReadTag);
    if (!signature) return OpenRefusal{signature.error()};
    const SignatureInput& input = signature->input;
    const bool has_query = request.target.find('?') != std::string::npos;
    if (!covers(input, "@method") || !covers(input, "@path") || (has_query && !covers(input, "@query")))
        return OpenRefusal{
            httpMalformed("Signature-Input", R"(covers "@method", "@path" and, where there is one, "@query")")};
    for (const std::string& component : input.components)
        if (component != "@method" && component != "@path" && component != "@query" && component != "@authority" &&
            !component.starts_with("caseway-"))
            return OpenRefusal{httpMalformed("Signature-Input", "covers the protocol's components and no other")};
    if (const auto fields = casewayFields(request, input); !fields) return OpenRefusal{fields.error()};
    const auto base = signatureBase(request, input);
    if (!base) return OpenRefusal{base.error()};
    const auto candidates = keys(std::nullopt, signature->key_id);
    if (!candidates) return OpenRefusal{candidates.error()};
    const SigningKey& key = candidates->front();
    if (!verifyBase(key.certificate->key(), *signature, *base)) return OpenRefusal{httpBadSignature(signature->key_id)};
    return HttpReader{key.certificate, key.owner.value_or(SystemId()), signature->created};
}

void signHttp(HttpRequest& request, const MessageHeader& header, const Sha256& body_digest, Instant created,
              const PrivateKey& key, const KeyId& key_id, SignatureAlgorithm algorithm) {
    static constexpr std::string_view kNames[kHeaderFieldCount] = {
        "Caseway-Message-Id", "Caseway-Sender",         "Caseway-Receiver",   "Caseway-Sent-At",
        "Caseway-Mapping",    "Caseway-Correlation-Id", "Caseway-Previous-Id"};
    std::vector<std::string> components(std::begin(kRequired), std::end(kRequired));
    if (request.count("content-encoding") != 0) components.push_back("content-encoding");
    const auto values = headerValues(header);
    for (std::size_t field = 0; field < kHeaderFieldCount; ++field) {
        if (values[field].empty()) continue;
        request.fields.push_back({std::string(kNames[field]), values[field]});
        components.push_back(lowerCase(kNames[field]));
    }
    request.fields.push_back({"Content-Digest", fmt::format("sha-256=:{}:", toBase64(body_digest.bytes))});
    appendSignature(request, components, kMessageTag, created, key, key_id, algorithm);
}

void signHttpRead(HttpRequest& request, Instant created, const PrivateKey& key, const KeyId& key_id) {
    appendSignature(request, {"@method", "@path", "@query"}, kReadTag, created, key, key_id,
                    usualAlgorithm(key.kind()));
}

}  // namespace caseway
