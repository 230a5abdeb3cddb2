// gateway/formats/envelope/xml_canonical.hpp - exclusive canonical forms and their digests, by libxml2, without copying
// a tree. For sources of this folder only. Source: Exclusive XML Canonicalization 1.0, without comments; XML Signature
// 1.1 §6.6.4 (enveloped signature).
#pragma once

#include <libxml/tree.h>

#include <optional>
#include <string>

#include "gateway/base/bytes.hpp"

namespace caseway {

// Each returns false or nothing where libxml2 cannot canonicalize (a relative namespace name).

/// The digest of the body's element. `element` stands in the Body of an envelope whose form was taken: everything
/// outside of it is shallow.
bool exclusiveDigest(xmlDoc* document, const xmlNode* element, Sha256& digest);

/// What the Reference of an envelope covers: the document without `signature`, which is the last element of its root.
bool envelopedDigest(xmlDoc* document, xmlNode* signature, Sha256& digest);

/// The bytes that SignatureValue is made over. `signed_info` is the first element of `signature`; both are shallow, as
/// their form was taken.
std::optional<std::string> canonicalSignedInfo(xmlDoc* document, xmlNode* signature, const xmlNode* signed_info);

}  // namespace caseway
