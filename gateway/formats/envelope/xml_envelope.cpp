// gateway/formats/envelope/xml_envelope.cpp - opening an XML envelope: form, signature, header, payload, in this order.
#include "gateway/formats/envelope/xml_envelope.hpp"

#include "gateway/base/base64.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/xml_canonical.hpp"
#include "gateway/formats/envelope/xml_structure.hpp"
#include "gateway/formats/xml/libxml_handles.hpp"

namespace caseway {
namespace {

Refusal badSignature(const XmlParts& parts) {
    return Refusal{
        "bad_signature", "Signature", parts.key_name ? parts.key_name->text() : "",
        "made over this content with the sender's registered key",
        "Sign last, change nothing afterwards; check with: xmlsec1 --verify; or key and certificate are no pair: "
        "caseway cert doctor"};
}

/// The first of the sender's keys that verifies. Why not xmlsec: docs/decisions/0007-verifying-xml-signatures.md.
Result<SigningKey> verifyingKey(xmlDoc* document, const XmlParts& parts, std::vector<SigningKey> keys) {
    Sha256 digest;
    if (!envelopedDigest(document, parts.signature, XmlCanonical::Exclusive, digest) ||
        textOf(digest) != parts.digest_value)
        return badSignature(parts);
    const auto signed_info = canonicalSignedInfo(document, parts.signature, parts.signed_info, XmlCanonical::Exclusive);
    if (!signed_info) return badSignature(parts);
    for (SigningKey& key : keys)
        if (key.certificate->key().verify(parts.algorithm, bytesOf(*signed_info), bytesOf(parts.signature_value)))
            return std::move(key);
    return badSignature(parts);
}

Result<Done> readPayload(XmlDocument document, const XmlParts& parts, SignedContent& content) {
    SignedPayload& payload = content.payload;
    if (parts.is_payload) {
        auto bytes = fromBase64(withoutSpace(textBelow(parts.body_element)));
        if (!bytes)
            return Refusal{"malformed_payload", "Payload", "", "strict base64: padded, no spare bits",
                           "base64 -w 76 FILE"};
        payload.form = SignedPayload::Form::Bytes;
        payload.bytes = std::move(*bytes);
        payload.media_type = parts.media_type;
        payload.charset = parts.charset;
        content.payload_digest = sha256(payload.bytes);
        return Done{};
    }
    if (!exclusiveDigest(docOf(document), parts.body_element, content.payload_digest))
        return Refusal{"malformed_payload", "Body", "", "an element that can be canonicalized",
                       "Use absolute namespace names"};
    payload.form = SignedPayload::Form::XmlElement;
    payload.element = ourNode(parts.body_element);
    payload.document = std::move(document);
    return Done{};
}

}  // namespace

Result<SignedContent, OpenRefusal> openXml(ByteView envelope, const XmlParseLimits& limits, const KeyLookup& keys) {
    if (auto narrow = checkXmlWidth(envelope); !narrow) return OpenRefusal{narrow.error()};
    auto document = parseXml(envelope, limits);
    if (!document) return OpenRefusal{document.error()};
    auto parts = checkXmlStructure(docOf(*document));
    if (!parts) return OpenRefusal{parts.error()};
    const auto sender = parts->header.sender();
    if (!sender) return OpenRefusal{sender.error()};
    auto candidates = keys(*sender, parts->key_name);
    if (!candidates) return OpenRefusal{candidates.error()};
    auto key = verifyingKey(docOf(*document), *parts, std::move(*candidates));
    if (!key) return OpenRefusal{key.error()};

    SignedContent content;
    content.binding = Binding::Xml;
    content.certificate = key->certificate;
    OpenRefusal refused{{}, *sender, content.certificate->id()};
    auto header = parts->header.finish();
    if (!header) return refused.refusal = header.error(), std::move(refused);
    content.header = std::move(*header);
    refused.header = content.header;
    if (auto read = readPayload(std::move(*document), *parts, content); !read)
        return refused.refusal = read.error(), std::move(refused);
    content.envelope_digest = sha256(envelope);
    content.content_digest = contentDigest(content.header, content.payload_digest);
    return content;
}

}  // namespace caseway
