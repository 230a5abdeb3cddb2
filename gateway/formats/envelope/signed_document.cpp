// gateway/formats/envelope/signed_document.cpp - form, signature, then the tree without it.
#include "gateway/formats/envelope/signed_document.hpp"

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/document_signature.hpp"
#include "gateway/formats/envelope/xml_structure.hpp"
#include "gateway/formats/xml/libxml_handles.hpp"

namespace caseway {
namespace {

Refusal badSignature(const DocumentSignature& form) {
    return {"bad_signature", "Signature", form.named.empty() ? "" : form.named.front().text(),
            "made over this document with the system's registered key",
            "Was it changed behind its signing? Check with: xmlsec1 --verify; or key and certificate are no pair: "
            "caseway cert doctor"};
}

/// Those that are named and registered; where the document names none, all of the signer.
Result<std::vector<SigningKey>> candidates(const DocumentSignature& form, const std::optional<SystemId>& signer,
                                           const KeyLookup& keys) {
    if (form.named.empty()) return keys(signer, std::nullopt);
    std::optional<Refusal> why;
    for (const KeyId& id : form.named) {
        auto found = keys(signer, id);
        if (found) return found;
        if (!why || why->code == "unknown_key") why = found.error();  // an issuer's certificate is unknown, too
    }
    return *why;
}

Result<SigningKey> verifyingKey(xmlDoc* document, const DocumentSignature& form, std::vector<SigningKey> keys) {
    Sha256 digest;
    if (!envelopedDigest(document, form.signature, form.content_form, digest) || textOf(digest) != form.digest_value)
        return badSignature(form);
    const auto signed_info = canonicalSignedInfo(document, form.signature, form.signed_info, form.info_form);
    if (!signed_info) return badSignature(form);
    for (SigningKey& key : keys)
        if (key.certificate->key().verify(form.algorithm, bytesOf(*signed_info), bytesOf(form.signature_value)))
            return std::move(key);
    return badSignature(form);
}

}  // namespace

Result<SignedContent, OpenRefusal> openSignedDocument(ByteView bytes, const XmlParseLimits& limits,
                                                      const std::optional<SystemId>& signer, const KeyLookup& keys) {
    if (auto narrow = checkXmlWidth(bytes); !narrow) return OpenRefusal{narrow.error()};
    auto document = parseXml(bytes, limits);
    if (!document) return OpenRefusal{document.error()};
    xmlDoc* const tree = docOf(*document);
    const auto form = checkDocumentSignature(tree);
    if (!form) return OpenRefusal{form.error()};
    auto named = candidates(*form, signer, keys);
    if (!named) return OpenRefusal{named.error()};
    auto key = verifyingKey(tree, *form, std::move(*named));
    if (!key) return OpenRefusal{key.error()};

    xmlUnlinkNode(form->signature);
    xmlFreeNode(form->signature);
    SignedContent content;
    content.binding = Binding::Xml;
    content.certificate = key->certificate;
    content.payload_digest = content.envelope_digest = sha256(bytes);
    content.payload.form = SignedPayload::Form::XmlElement;
    content.payload.element = document->root();
    content.payload.document = std::move(*document);
    return content;
}

}  // namespace caseway
