// gateway/formats/envelope/xml_structure.cpp - the allow-list of the XML binding: elements, their order, attributes and
// values.
#include "gateway/formats/envelope/xml_structure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/base64.hpp"
#include "gateway/formats/envelope/canonical_work.hpp"
#include "gateway/formats/envelope/xml_nodes.hpp"

namespace caseway {
namespace {

/// A tree takes about 120 bytes a node, so "<b/>" without end would take thirty times its bytes. Every encoding that we
/// take writes these marks with these bytes.
constexpr std::ptrdiff_t kMarksMax = 1'000'000;

Refusal malformed(const xmlNode* node, std::string rule) {
    return Refusal{"malformed_envelope", node == nullptr ? "Message" : fmt::format("line {}", xmlGetLineNo(node)), "",
                   std::move(rule), "Compare with the worked example of docs/formats/messages.md"};
}

Result<Done> checkReference(const xmlNode* reference, XmlParts& taken) {
    if (!hasExactlyAttributes(reference, {"URI"}) || attributeOf(reference, "URI") != "")
        return malformed(reference, "one Reference with URI=\"\" and no other attribute");
    const auto parts = exactlyDsig(reference, {"Transforms", "DigestMethod", "DigestValue"});
    if (!parts) return malformed(reference, "Reference holds Transforms, DigestMethod, DigestValue");
    const auto transforms = exactlyDsig((*parts)[0], {"Transform", "Transform"});
    if (!transforms || !hasExactlyAttributes((*parts)[0], {}) || !isMethod((*transforms)[0], kEnveloped) ||
        !isMethod((*transforms)[1], kExclusiveC14n))
        return malformed((*parts)[0],
                         "transforms are exactly enveloped-signature and exclusive C14N, without parameters");
    if (!isMethod((*parts)[1], kSha256Uri)) return malformed((*parts)[1], "DigestMethod is SHA-256");
    if (!takeBase64((*parts)[2], 32, taken.digest_value))
        return malformed((*parts)[2], "DigestValue is the base64 of 32 bytes");
    return Done{};
}

Result<Done> checkSignedInfo(const xmlNode* signed_info, XmlParts& parts) {
    const auto children = exactlyDsig(signed_info, {"CanonicalizationMethod", "SignatureMethod", "Reference"});
    if (!children || !hasExactlyAttributes(signed_info, {}))
        return malformed(signed_info, "SignedInfo holds CanonicalizationMethod, SignatureMethod and one Reference");
    if (!isMethod((*children)[0], kExclusiveC14n))
        return malformed((*children)[0], "CanonicalizationMethod is exclusive C14N");
    const auto algorithm = signatureMethodOf((*children)[1]);
    if (!algorithm)
        return malformed((*children)[1], "SignatureMethod is ecdsa-sha256 or rsa-sha256, without parameters");
    parts.algorithm = *algorithm;
    return checkReference((*children)[2], parts);
}

Result<Done> checkKeyInfo(const xmlNode* key_info, XmlParts& parts) {
    const auto children = exactlyDsig(key_info, {"KeyName"});
    if (!children || !hasExactlyAttributes(key_info, {}) || !hasExactlyAttributes((*children)[0], {}) ||
        !isTextOnly((*children)[0], Comments::Refused))
        return malformed(key_info, "KeyInfo holds one KeyName and nothing else: the key comes from the register");
    parts.key_name = KeyId::parse(textBelow((*children)[0]));
    if (!parts.key_name) return malformed(key_info, "KeyName is the lower-case hex SHA-256 of the certificate");
    return Done{};
}

Result<Done> checkSignature(xmlNode* signature, XmlParts& parts) {
    parts.signature = signature;
    auto children = exactlyDsig(signature, {"SignedInfo", "SignatureValue"});
    if (!children) children = exactlyDsig(signature, {"SignedInfo", "SignatureValue", "KeyInfo"});
    if (!children || !hasExactlyAttributes(signature, {}))
        return malformed(signature, "Signature holds SignedInfo, SignatureValue and perhaps KeyInfo, and has no Id");
    parts.signed_info = (*children)[0];
    if (auto good = checkSignedInfo(parts.signed_info, parts); !good) return good;
    const std::size_t size = parts.algorithm == SignatureAlgorithm::EcdsaP256Sha256 ? 64 : 0;
    if (!takeBase64((*children)[1], size, parts.signature_value))
        return malformed((*children)[1], "SignatureValue is strict base64; of r and s, 64 bytes, for ECDSA");
    return children->size() == 3 ? checkKeyInfo((*children)[2], parts) : Result<Done>(Done{});
}

Result<Done> checkHeader(const xmlNode* header, XmlParts& parts) {
    const auto fields = childElements(header, Comments::Allowed);
    if (!fields || !hasExactlyAttributes(header, {}))
        return malformed(header, "Header holds elements only and has no attribute");
    for (const xmlNode* field : *fields) {
        if (!hasNamespace(field, kExchangeNamespace) || !hasExactlyAttributes(field, {}) ||
            !isTextOnly(field, Comments::Allowed))
            return malformed(field, "a header element is of urn:caseway:exchange:1, holds text and has no attribute");
        parts.header.take(viewOf(field->name), textBelow(field));
    }
    return Done{};
}

bool isToken(std::string_view text) {
    return !text.empty() && text.size() <= 100 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("!#$&-^_.+/").find(c) != std::string_view::npos;
    });
}

Result<Done> checkPayload(const xmlNode* payload, XmlParts& parts) {
    const bool attributes = hasExactlyAttributes(payload, {"encoding", "mediaType"}) ||
                            hasExactlyAttributes(payload, {"encoding", "mediaType", "charset"});
    if (!attributes || attributeOf(payload, "encoding") != "base64" || !isTextOnly(payload, Comments::Allowed))
        return malformed(payload, "Payload has encoding=\"base64\", mediaType and perhaps charset, and holds text");
    parts.is_payload = true;
    parts.media_type = attributeOf(payload, "mediaType").value_or("");
    parts.charset = attributeOf(payload, "charset").value_or("");
    if (!isToken(parts.media_type) || (!parts.charset.empty() && !isToken(parts.charset)))
        return malformed(payload, "mediaType is type/subtype without parameters; charset is a name");
    return Done{};
}

Result<Done> checkBody(const xmlNode* body, XmlParts& parts) {
    const auto children = childElements(body, Comments::Allowed);
    if (!children || children->size() != 1 || !hasExactlyAttributes(body, {}))
        return malformed(body, "Body holds exactly one element and has no attribute");
    parts.body_element = children->front();
    if (isElement(parts.body_element, "Payload", kExchangeNamespace)) return checkPayload(parts.body_element, parts);
    return Done{};
}

/// Elements of our namespace stand where the form has them and nowhere inside the department's element.
bool isMisplaced(const xmlNode* node, const xmlNode* root, const XmlParts& parts) {
    if (!hasNamespace(node, kExchangeNamespace)) return false;
    const xmlNode* const parent = node->parent;
    if (node == parts.body_element) return !parts.is_payload;
    return node != root && parent != root && !(parent->parent == root && viewOf(parent->name) == "Header");
}

/// Every node once: no processing instruction, no other signature, nothing of our namespace inside the body.
Result<Done> checkEveryNode(xmlDoc* document, const XmlParts& parts) {
    const xmlNode* const root = xmlDocGetRootElement(document);
    std::size_t depth = 1;
    std::size_t climb = 0;
    CanonicalWork work(CanonicalWork::Scope::Passed);
    bool descends = false;
    for (const xmlNode* node = document->children; node != nullptr; node = nextNode(node, descends, depth)) {
        climb += depth;
        if (climb > kClimbMax)
            return Refusal{"too_large", "", "", "a tree that is not both very wide and very deep",
                           "Use the HTTP binding"};
        if (node->type == XML_PI_NODE) return malformed(node, "no processing instruction");
        if (node->type == XML_DTD_NODE || node->type == XML_ENTITY_REF_NODE)
            return malformed(node, "no document type, no entity");
        descends = node->type == XML_ELEMENT_NODE && node != parts.signature;
        if (node->type == XML_ELEMENT_NODE) {
            if (!work.add(node, depth))
                return Refusal{"too_large", "", "", "elements of fewer attributes and shorter names of namespaces",
                               "Use the HTTP binding"};
            if (node != parts.signature && isElement(node, "Signature", kDsigNamespace))
                return malformed(node, "no second Signature; send a payload with its own signature as base64");
            if (isMisplaced(node, root, parts)) {
                Refusal refusal = malformed(node, "no element of urn:caseway:exchange:1 inside the body");
                refusal.hint =
                    "Write xmlns=\"\" on the payload's element where it has no namespace, so that it does not inherit "
                    "ours";
                return refusal;
            }
        }
    }
    return Done{};
}

}  // namespace

Result<Done> checkXmlWidth(ByteView document) {
    const auto marks =
        std::count_if(document.begin(), document.end(), [](std::uint8_t c) { return c == '<' || c == '='; });
    if (marks <= kMarksMax) return Done{};
    return Refusal{"too_large", "document", "", "at most 1,000,000 tags and attributes",
                   "Use the HTTP binding for large payloads"};
}

std::optional<std::vector<xmlNode*>> exactlyDsig(const xmlNode* node, std::initializer_list<std::string_view> names) {
    auto elements = childElements(node, Comments::Refused);
    if (!elements || elements->size() != names.size()) return std::nullopt;
    const bool same =
        std::equal(names.begin(), names.end(), elements->begin(),
                   [](std::string_view name, const xmlNode* child) { return isElement(child, name, kDsigNamespace); });
    return same ? std::move(elements) : std::nullopt;
}

bool isMethod(const xmlNode* node, std::string_view algorithm) {
    return node->children == nullptr && hasExactlyAttributes(node, {"Algorithm"}) &&
           attributeOf(node, "Algorithm") == algorithm;
}

bool takeBase64(const xmlNode* node, std::size_t size, std::string& into) {
    if (!hasExactlyAttributes(node, {}) || !isTextOnly(node, Comments::Refused)) return false;
    auto bytes = fromBase64(withoutSpace(textBelow(node)));
    if (!bytes || bytes->empty() || (size != 0 && bytes->size() != size)) return false;
    into = std::move(*bytes);
    return true;
}

std::optional<SignatureAlgorithm> signatureMethodOf(const xmlNode* method) {
    if (isMethod(method, kEcdsaSha256Uri)) return SignatureAlgorithm::EcdsaP256Sha256;
    if (isMethod(method, kRsaSha256Uri)) return SignatureAlgorithm::RsaPkcs1Sha256;
    return std::nullopt;
}

std::string textBelow(const xmlNode* node) {
    std::string text;
    for (const xmlNode* child = node->children; child != nullptr; child = child->next)
        if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) text += viewOf(child->content);
    return text;
}

std::string withoutSpace(std::string_view text) {
    std::string packed;
    packed.reserve(text.size());
    for (const char c : text)
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n') packed += c;
    return packed;
}

Result<XmlParts> checkXmlStructure(xmlDoc* document) {
    XmlParts parts;
    xmlNode* const root = xmlDocGetRootElement(document);
    if (!isElement(root, "Message", kExchangeNamespace)) {
        Refusal refusal = malformed(root, "the root is Message of urn:caseway:exchange:1, without attributes");
        refusal.hint =
            "It is not signed: `caseway message send` or docs/senders sign it; or compare with the worked example of "
            "docs/formats/messages.md";
        return refusal;
    }
    if (!hasExactlyAttributes(root, {}))
        return malformed(root, "the root is Message of urn:caseway:exchange:1, without attributes");
    const auto children = childElements(root, Comments::Allowed);
    if (!children || children->size() != 3 || !isElement((*children)[0], "Header", kExchangeNamespace) ||
        !isElement((*children)[1], "Body", kExchangeNamespace) ||
        !isElement((*children)[2], "Signature", kDsigNamespace))
        return malformed(root, "Message holds exactly Header, Body, ds:Signature, in this order");
    if (auto good = checkSignature((*children)[2], parts); !good) return good.error();
    if (auto good = checkHeader((*children)[0], parts); !good) return good.error();
    if (auto good = checkBody((*children)[1], parts); !good) return good.error();
    if (auto good = checkEveryNode(document, parts); !good) return good.error();
    return parts;
}

}  // namespace caseway
