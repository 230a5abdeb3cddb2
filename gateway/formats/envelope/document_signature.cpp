// gateway/formats/envelope/document_signature.cpp - the allow-list, and one walk over all nodes of the document.
#include "gateway/formats/envelope/document_signature.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/base64.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/canonical_work.hpp"
#include "gateway/formats/envelope/xml_nodes.hpp"
#include "gateway/formats/envelope/xml_structure.hpp"

namespace caseway {
namespace {

constexpr std::size_t kNamedMax = 8;  ///< certificates of a KeyInfo: a chain

Refusal unknownForm(const xmlNode* node, std::string rule) {
    return {"signature_form_unknown", fmt::format("line {}", xmlGetLineNo(node)), "", std::move(rule),
            "Sign as docs/formats/messages.md, \"Pulled payloads\", shows, or leave the signature away"};
}

bool hasNoneBut(const xmlNode* node, std::string_view optional) {
    return hasExactlyAttributes(node, {}) || hasExactlyAttributes(node, {optional});
}

std::optional<XmlCanonical> canonicalOf(const xmlNode* method) {
    if (isMethod(method, kExclusiveC14n)) return XmlCanonical::Exclusive;
    if (isMethod(method, kInclusiveC14n)) return XmlCanonical::Inclusive;
    return std::nullopt;
}

bool isIdName(const xmlAttr* attribute) {
    const std::string_view name = viewOf(attribute->name);
    return name == "Id" || name == "ID" || name == "id";
}

/// All that is named so, by whatever tool, in whatever namespace.
std::size_t countId(const xmlNode* element, std::string_view id) {
    std::size_t count = 0;
    for (const xmlAttr* at = element->properties; at != nullptr; at = at->next) {
        if (!isIdName(at)) continue;
        std::string value;
        for (const xmlNode* part = at->children; part != nullptr; part = part->next) value += viewOf(part->content);
        if (value == id) ++count;
    }
    return count;
}

Result<Done> checkTransforms(const xmlNode* transforms, DocumentSignature& taken) {
    if (!hasExactlyAttributes(transforms, {})) return unknownForm(transforms, "Transforms without attributes");
    if (const auto one = exactlyDsig(transforms, {"Transform"}); one && isMethod((*one)[0], kEnveloped)) {
        taken.content_form = XmlCanonical::Inclusive;  // what XML Signature says where none is named
        return Done{};
    }
    const auto two = exactlyDsig(transforms, {"Transform", "Transform"});
    const auto form = two && isMethod((*two)[0], kEnveloped) ? canonicalOf((*two)[1]) : std::nullopt;
    if (!form)
        return unknownForm(transforms,
                           "transforms are enveloped-signature, then at most exclusive or inclusive C14N 1.0 without "
                           "comments and parameters");
    taken.content_form = *form;
    return Done{};
}

/// `id`: what the reference names; empty for the whole document.
Result<Done> checkReference(const xmlNode* reference, DocumentSignature& taken, std::string& id) {
    const auto uri = attributeOf(reference, "URI");
    if (!hasExactlyAttributes(reference, {"URI"}) || !uri || (!uri->empty() && (uri->size() < 2 || (*uri)[0] != '#')))
        return unknownForm(reference, "one Reference whose URI is \"\" or # and the root's Id, and no other attribute");
    id = uri->empty() ? std::string() : uri->substr(1);
    const auto parts = exactlyDsig(reference, {"Transforms", "DigestMethod", "DigestValue"});
    if (!parts) return unknownForm(reference, "Reference holds Transforms, DigestMethod, DigestValue");
    if (auto good = checkTransforms((*parts)[0], taken); !good) return good;
    if (!isMethod((*parts)[1], kSha256Uri)) return unknownForm((*parts)[1], "DigestMethod is SHA-256");
    if (!takeBase64((*parts)[2], 32, taken.digest_value))
        return unknownForm((*parts)[2], "DigestValue is the base64 of 32 bytes");
    return Done{};
}

Result<Done> checkSignedInfo(const xmlNode* signed_info, DocumentSignature& taken, std::string& id) {
    const auto children = exactlyDsig(signed_info, {"CanonicalizationMethod", "SignatureMethod", "Reference"});
    if (!children || !hasExactlyAttributes(signed_info, {}))
        return unknownForm(signed_info, "SignedInfo holds CanonicalizationMethod, SignatureMethod and one Reference");
    const auto form = canonicalOf((*children)[0]);
    if (!form)
        return unknownForm((*children)[0],
                           "CanonicalizationMethod is exclusive or inclusive C14N 1.0 without comments");
    taken.info_form = *form;
    const auto algorithm = signatureMethodOf((*children)[1]);
    if (!algorithm) return unknownForm((*children)[1], "SignatureMethod is ecdsa-sha256 or rsa-sha256");
    taken.algorithm = *algorithm;
    return checkReference((*children)[2], taken, id);
}

/// A key that comes with the document is not looked at; its certificate says which registered one is meant.
Result<Done> checkKeyInfo(const xmlNode* key_info, DocumentSignature& taken) {
    const auto children = childElements(key_info, Comments::Refused);
    if (!children || !hasNoneBut(key_info, "Id"))
        return unknownForm(key_info, "KeyInfo holds KeyName, KeyValue or X509Data");
    const auto name = [&taken](std::optional<KeyId> id) {
        if (id && taken.named.size() < kNamedMax) taken.named.push_back(*id);
    };
    for (const xmlNode* child : *children) {
        if (isElement(child, "KeyName", kDsigNamespace)) {
            name(KeyId::parse(withoutSpace(textBelow(child))));
        } else if (isElement(child, "X509Data", kDsigNamespace)) {
            for (const xmlNode* part = child->children; part != nullptr; part = part->next) {
                if (!isElement(part, "X509Certificate", kDsigNamespace)) continue;
                const auto der = fromBase64(withoutSpace(textBelow(part)));
                if (der) name(KeyId(sha256(*der)));
            }
        } else if (!isElement(child, "KeyValue", kDsigNamespace)) {
            return unknownForm(child, "KeyInfo holds KeyName, KeyValue or X509Data");
        }
    }
    return Done{};
}

Result<Done> checkSignature(xmlNode* signature, DocumentSignature& taken, std::string& id) {
    taken.signature = signature;
    auto children = exactlyDsig(signature, {"SignedInfo", "SignatureValue"});
    if (!children) children = exactlyDsig(signature, {"SignedInfo", "SignatureValue", "KeyInfo"});
    if (!children || !hasNoneBut(signature, "Id"))
        return unknownForm(signature, "Signature holds SignedInfo, SignatureValue and perhaps KeyInfo");
    taken.signed_info = (*children)[0];
    if (auto good = checkSignedInfo(taken.signed_info, taken, id); !good) return good;
    const std::size_t size = taken.algorithm == SignatureAlgorithm::EcdsaP256Sha256 ? 64 : 0;
    if (!takeBase64((*children)[1], size, taken.signature_value))
        return unknownForm((*children)[1], "SignatureValue is strict base64; of r and s, 64 bytes, for ECDSA");
    return children->size() == 3 ? checkKeyInfo((*children)[2], taken) : Result<Done>(Done{});
}

/// Every node once: one signature, one bearer of the id that is referred to.
Result<Done> checkEveryNode(xmlDoc* document, const xmlNode* root, const std::string& id, XmlCanonical form) {
    CanonicalWork work(form == XmlCanonical::Exclusive ? CanonicalWork::Scope::Passed : CanonicalWork::Scope::LookedUp);
    std::size_t signatures = 0, bearers = 0, depth = 1, climb = 0;
    bool descends = false;
    for (const xmlNode* node = document->children; node != nullptr; node = nextNode(node, descends, depth)) {
        climb += depth;
        if (climb > kClimbMax)
            return Refusal{"too_large", "", "", "a tree that is not both very wide and very deep",
                           "Let the department give it in smaller documents"};
        if (node->type == XML_DTD_NODE || node->type == XML_ENTITY_REF_NODE)
            return unknownForm(node, "no document type, no entity");
        if (node->type == XML_PI_NODE && depth == 1 && !id.empty())
            return unknownForm(node, "no processing instruction outside of what is signed");
        descends = node->type == XML_ELEMENT_NODE;
        if (descends) {
            if (!work.add(node, depth))
                return Refusal{"too_large", "", "", "elements of fewer attributes and namespaces",
                               "Let the department give it in smaller documents"};
            if (isElement(node, "Signature", kDsigNamespace) && ++signatures > 1)
                return unknownForm(node, "one ds:Signature, a child of the root");
            if (!id.empty()) bearers += countId(node, id);
        }
    }
    if (!id.empty() && (bearers != 1 || countId(root, id) != 1))
        return unknownForm(root, "the reference names the root's Id, and nothing else has the same");
    return Done{};
}

}  // namespace

Result<DocumentSignature> checkDocumentSignature(xmlDoc* document) {
    xmlNode* const root = xmlDocGetRootElement(document);
    xmlNode* signature = nullptr;
    for (xmlNode* child = root->children; child != nullptr && signature == nullptr; child = child->next)
        if (isElement(child, "Signature", kDsigNamespace)) signature = child;
    if (signature == nullptr) return unknownForm(root, "a ds:Signature as child of the root");
    DocumentSignature taken;
    std::string id;
    if (auto good = checkSignature(signature, taken, id); !good) return good.error();
    if (auto good = checkEveryNode(document, root, id, taken.content_form); !good) return good.error();
    return taken;
}

}  // namespace caseway
