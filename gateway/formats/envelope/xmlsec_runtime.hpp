// gateway/formats/envelope/xmlsec_runtime.hpp - signing with xmlsec, everything off but what the XML binding uses:
// same-document reference, two transforms, SHA-256, two signature methods, and a key that we hand it. Verifying is
// xml_envelope.cpp's own (docs/decisions/0007-verifying-xml-signatures.md). For sources of this
// folder only, and for tests that ask xmlsec itself.
#pragma once

#include <libxml/tree.h>

#include "gateway/formats/crypto/private_key.hpp"

namespace caseway {

/// Starts xmlsec, once a process (a second xmlSecInit would lose what the first one registered); xmlsec is thread-safe
/// afterwards.
void initXmlsec();

/// Fills DigestValue and SignatureValue of a template. Throws Fault{CryptoUnavailable}.
void signWithXmlsec(xmlNode* signature_template, const PrivateKey& key);

}  // namespace caseway
