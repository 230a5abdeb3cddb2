// gateway/formats/envelope/document_signature.hpp - the form of the signature that a department's own document bears,
// checked node by node against an allow-list before anything is computed. Wider than that of our messages where the
// common tools differ without harm, and nowhere else. For sources of this folder only. Source: XML Signature 1.1;
// docs/formats/messages.md, "Pulled payloads".
#pragma once

#include <libxml/tree.h>

#include <string>
#include <vector>

#include "gateway/base/ids.hpp"
#include "gateway/base/result.hpp"
#include "gateway/formats/crypto/algorithm.hpp"
#include "gateway/formats/envelope/xml_canonical.hpp"

namespace caseway {

/// Borrowed from its document.
struct DocumentSignature {
    xmlNode* signature = nullptr;
    xmlNode* signed_info = nullptr;
    XmlCanonical info_form = XmlCanonical::Exclusive;
    XmlCanonical content_form = XmlCanonical::Inclusive;
    SignatureAlgorithm algorithm = SignatureAlgorithm::EcdsaP256Sha256;
    std::string digest_value;     ///< decoded, 32 bytes
    std::string signature_value;  ///< decoded; r and s, 64 bytes, for ECDSA
    std::vector<KeyId> named;     ///< ids of the certificates that KeyInfo names or brings: names, never keys
};

/// Of a document whose root has a ds:Signature as child. Refusals: signature_form_unknown, too_large.
Result<DocumentSignature> checkDocumentSignature(xmlDoc* document);

}  // namespace caseway
