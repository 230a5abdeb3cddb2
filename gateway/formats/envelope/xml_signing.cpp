// gateway/formats/envelope/xml_signing.cpp - making an XML envelope: a tree with a signature template that xmlsec
// fills.
#include <fmt/format.h>

#include "gateway/base/base64.hpp"
#include "gateway/formats/envelope/xml_envelope.hpp"
#include "gateway/formats/envelope/xml_structure.hpp"
#include "gateway/formats/envelope/xmlsec_runtime.hpp"
#include "gateway/formats/xml/libxml_handles.hpp"

namespace caseway {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string headerText(const MessageHeader& header) {
    const auto values = headerValues(header);
    std::string text;
    for (std::size_t field = 0; field < kHeaderFieldCount; ++field)
        if (!values[field].empty())
            text += fmt::format("<{0}>{1}</{0}>", kHeaderFieldNames[field].xml, escaped(values[field]));
    return text;
}

std::string payloadText(const XmlMessage& message) {
    if (!message.as_base64) return {};
    const std::string charset =
        message.charset.empty() ? "" : fmt::format(R"( charset="{}")", escaped(message.charset));
    return fmt::format(R"(<Payload encoding="base64" mediaType="{}"{}>{}</Payload>)", escaped(message.media_type),
                       charset, toBase64(bytesOf(message.payload)));
}

std::string signatureTemplate(std::string_view method, const KeyId& key_id) {
    return fmt::format(
        R"(<ds:Signature xmlns:ds="{0}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{1}"/>)"
        R"(<ds:SignatureMethod Algorithm="{2}"/><ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="{3}"/>)"
        R"(<ds:Transform Algorithm="{1}"/></ds:Transforms><ds:DigestMethod Algorithm="{4}"/><ds:DigestValue/></ds:Reference>)"
        R"(</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:KeyName>{5}</ds:KeyName></ds:KeyInfo></ds:Signature>)",
        kDsigNamespace, kExclusiveC14n, method, kEnveloped, kSha256Uri, key_id.text());
}

bool declaresDefaultNamespace(const xmlNode* node) {
    for (const xmlNs* declared = node->nsDef; declared != nullptr; declared = declared->next)
        if (declared->prefix == nullptr) return true;
    return false;
}

/// Puts a copy of the payload's root element into Body.
Result<Done> embed(const XmlMessage& message, xmlNode* body) {
    XmlParseLimits limits;
    limits.document_bytes = std::max<std::size_t>(limits.document_bytes, message.payload.size());
    const auto payload = parseXml(bytesOf(message.payload), limits);
    if (!payload) return payload.error();
    xmlNode* const copy = xmlDocCopyNode(libxmlNode(payload->root()), body->doc, 1);
    CASEWAY_CHECK(copy != nullptr && xmlAddChild(body, copy) == copy);
    // Elements in no namespace must say so, else the envelope's default namespace would take them in.
    if (!declaresDefaultNamespace(copy))
        CASEWAY_CHECK(xmlNewNs(copy, reinterpret_cast<const xmlChar*>(""), nullptr) != nullptr);
    return Done{};
}

std::string serialized(xmlDoc* document, const std::string& encoding) {
    xmlChar* bytes = nullptr;
    int size = 0;
    xmlDocDumpMemoryEnc(document, &bytes, &size, encoding.c_str());
    CASEWAY_CHECK(bytes != nullptr);
    std::string text(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    xmlFree(bytes);
    return text;
}

}  // namespace

Result<std::string> signXml(const XmlMessage& message, const PrivateKey& key, const KeyId& key_id) {
    if (key.kind() != KeyKind::EcP256 && key.kind() != KeyKind::Rsa)
        return Refusal{"key_not_good", "private key", std::string(nameOf(key.kind())),
                       "the XML binding takes P-256 and RSA keys",
                       key.kind() == KeyKind::Sm2 ? "Use --binding http: the only one that takes SM2"
                                                  : "Use --binding json or http: both take Ed25519"};
    const std::string_view method = key.kind() == KeyKind::EcP256 ? kEcdsaSha256Uri : kRsaSha256Uri;
    const std::string text =
        fmt::format(R"(<Message xmlns="{}"><Header>{}</Header><Body>{}</Body>{}</Message>)", kExchangeNamespace,
                    headerText(message.header), payloadText(message), signatureTemplate(method, key_id));
    XmlParseLimits limits;
    limits.document_bytes = text.size();
    auto envelope = parseXml(bytesOf(text), limits);
    if (!envelope) return envelope.error();
    xmlNode* const root = xmlDocGetRootElement(docOf(*envelope));
    if (!message.as_base64)
        if (auto embedded = embed(message, root->children->next); !embedded) return embedded.error();
    signWithXmlsec(root->last, key);
    // A signature or a processing instruction of the payload's own has no place in an envelope.
    if (const auto form = checkXmlStructure(docOf(*envelope)); !form) return form.error();
    return serialized(docOf(*envelope), message.output_encoding);
}

}  // namespace caseway
