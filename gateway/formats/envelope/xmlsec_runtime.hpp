// gateway/formats/envelope/xmlsec_runtime.hpp - xmlsec with everything off but what the XML binding uses: same-document
// reference, two transforms, SHA-256, two signature methods, and a key that we hand it. For sources of this folder
// only.
#pragma once

#include <libxml/tree.h>

#include <string>

#include "gateway/formats/crypto/private_key.hpp"
#include "gateway/formats/crypto/public_key.hpp"

namespace caseway {

/// Verifies a Signature whose form checkXmlStructure() has taken. False: not this key's, or the content was changed.
bool verifyWithXmlsec(xmlNode* signature, const PublicKey& key, SignatureAlgorithm algorithm);

/// Fills DigestValue and SignatureValue of a template. Throws Fault{CryptoUnavailable}.
void signWithXmlsec(xmlNode* signature_template, const PrivateKey& key);

}  // namespace caseway
