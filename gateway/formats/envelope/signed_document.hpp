// gateway/formats/envelope/signed_document.hpp - a department's own XML document with an enveloped XML signature: what
// verified, without its Signature, is what is mapped. No header stands in it: who sent it, and when, is not signed.
// Rules: docs/formats/messages.md, "Pulled payloads".
#pragma once

#include "gateway/formats/envelope/signed_content.hpp"

namespace caseway {

/// Parses, checks the form, verifies with one of the keys that `keys` gives for `signer`. Of the content that comes
/// back `header` and `content_digest` are empty; `payload_digest` is that of all bytes. Refusals: those of parseXml and
/// `keys`; signature_form_unknown, bad_signature, too_large. Callable concurrently.
Result<SignedContent, OpenRefusal> openSignedDocument(ByteView bytes, const XmlParseLimits& limits,
                                                      const std::optional<SystemId>& signer, const KeyLookup& keys);

}  // namespace caseway
