// gateway/formats/envelope/xml_canonical.hpp - SHA-256 of one element in exclusive canonical form, by libxml2, without
// copying it. For sources of this folder only. Source: Exclusive XML Canonicalization 1.0, without comments.
#pragma once

#include <libxml/tree.h>

#include "gateway/base/bytes.hpp"

namespace caseway {

/// The digest of the body's element. `element` stands in the Body of an envelope whose form was taken: everything
/// outside of it is shallow. Returns false where libxml2 cannot canonicalize (a relative namespace name).
bool exclusiveDigest(xmlDoc* document, const xmlNode* element, Sha256& digest);

}  // namespace caseway
