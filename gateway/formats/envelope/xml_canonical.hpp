// gateway/formats/envelope/xml_canonical.hpp - canonical forms and their digests, by libxml2, without copying
// a tree. For sources of this folder only. Source: Exclusive XML Canonicalization 1.0 and Canonical XML 1.0, without
// comments; XML Signature 1.1 §6.6.4 (enveloped signature).
#pragma once

#include <libxml/tree.h>

#include <optional>
#include <string>

#include "gateway/base/bytes.hpp"

namespace caseway {

enum class XmlCanonical { Exclusive, Inclusive };

// Each returns false or nothing where libxml2 cannot canonicalize (a relative namespace name).

/// The digest of the body's element. `element` stands in the Body of an envelope whose form was taken: everything
/// outside of it is shallow.
bool exclusiveDigest(xmlDoc* document, const xmlNode* element, Sha256& digest);

/// What the Reference to a whole document covers: all of it without `signature`, which is a child of its root.
bool envelopedDigest(xmlDoc* document, xmlNode* signature, XmlCanonical form, Sha256& digest);

/// The bytes that SignatureValue is made over. `signed_info` is an element of `signature`; it is shallow, as its form
/// was taken.
std::optional<std::string> canonicalSignedInfo(xmlDoc* document, xmlNode* signature, xmlNode* signed_info,
                                               XmlCanonical form);

}  // namespace caseway
