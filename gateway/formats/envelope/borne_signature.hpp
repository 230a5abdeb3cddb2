// gateway/formats/envelope/borne_signature.hpp - opens a pulled payload that bears a signature, whatever its form, by
// the code that opens what is sent: once as it is read, and again whenever somebody asks.
#pragma once

#include "gateway/domain/pulled_signature.hpp"
#include "gateway/formats/envelope/signed_content.hpp"
#include "gateway/formats/json/reader.hpp"

namespace caseway {

/// `form`: as signatureFormOf() found it, not None and no answer's. `signer`: of a document, in which no sender stands;
/// empty where nobody looks. Refusals: those of openXml, openJson and openSignedDocument.
Result<SignedContent, OpenRefusal> openBorne(SignatureForm form, std::string_view bytes, const XmlParseLimits& limits,
                                             const std::optional<SystemId>& signer, const KeyLookup& keys);

/// The header under which a message that was read is kept is the signed one, or that of the same message taken once
/// more, under an id of its own: then the signed id stands as the one before it.
MessageHeader asTakenAgain(MessageHeader header, const MessageId& id);
bool isOfSigned(const MessageHeader& kept, const MessageHeader& from_signature);

}  // namespace caseway
