// gateway/formats/envelope/xml_structure.hpp - the form of the XML binding, checked node by node against an allow-list
// before any signature is computed: signature wrapping lives from freedom of form. For sources of this folder only.
#pragma once

#include <libxml/tree.h>

#include <optional>
#include <string>

#include "gateway/base/ids.hpp"
#include "gateway/formats/crypto/algorithm.hpp"
#include "gateway/formats/envelope/header_fields.hpp"

namespace caseway {

inline constexpr std::string_view kExchangeNamespace = "urn:caseway:exchange:1";
inline constexpr std::string_view kDsigNamespace = "http://www.w3.org/2000/09/xmldsig#";
inline constexpr std::string_view kExclusiveC14n = "http://www.w3.org/2001/10/xml-exc-c14n#";
inline constexpr std::string_view kInclusiveC14n = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
inline constexpr std::string_view kEnveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
inline constexpr std::string_view kSha256Uri = "http://www.w3.org/2001/04/xmlenc#sha256";
inline constexpr std::string_view kEcdsaSha256Uri = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
inline constexpr std::string_view kRsaSha256Uri = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

/// The places of an envelope whose form is right; borrowed from its document.
struct XmlParts {
    HeaderFields header{Binding::Xml};
    xmlNode* body_element = nullptr;  ///< the department's element, or Payload
    bool is_payload = false;
    std::string media_type;
    std::string charset;
    xmlNode* signature = nullptr;
    xmlNode* signed_info = nullptr;
    std::string digest_value;     ///< decoded, 32 bytes
    std::string signature_value;  ///< decoded; r and s, 64 bytes, for ECDSA
    SignatureAlgorithm algorithm = SignatureAlgorithm::EcdsaP256Sha256;
    std::optional<KeyId> key_name;
};

/// Refusals: malformed_envelope, malformed_header (a field twice or unknown).
Result<XmlParts> checkXmlStructure(xmlDoc* document);

/// A tree takes many times its bytes. Refusal too_large: more tags and attributes than any message has.
Result<Done> checkXmlWidth(ByteView document);

/// Child elements with exactly these names, all in the dsig namespace, without comments between them.
std::optional<std::vector<xmlNode*>> exactlyDsig(const xmlNode* node, std::initializer_list<std::string_view> names);
/// Names the algorithm and says nothing else.
bool isMethod(const xmlNode* node, std::string_view algorithm);
/// Takes the base64 text of a signature element, white space between its characters allowed, as many bytes as `size`
/// (0: any).
bool takeBase64(const xmlNode* node, std::size_t size, std::string& into);
/// Of SignatureMethod; nothing for one that we do not take.
std::optional<SignatureAlgorithm> signatureMethodOf(const xmlNode* method);

/// All text below `node`, comments left out; CDATA is text.
std::string textBelow(const xmlNode* node);
/// `text` without XML white space.
std::string withoutSpace(std::string_view text);

}  // namespace caseway
