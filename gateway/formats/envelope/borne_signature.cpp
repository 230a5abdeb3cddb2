// gateway/formats/envelope/borne_signature.cpp - to the opener of each form.
#include "gateway/formats/envelope/borne_signature.hpp"

#include "gateway/base/check.hpp"
#include "gateway/formats/envelope/json_envelope.hpp"
#include "gateway/formats/envelope/signature_look.hpp"
#include "gateway/formats/envelope/signed_document.hpp"
#include "gateway/formats/envelope/xml_envelope.hpp"

namespace caseway {

Result<SignedContent, OpenRefusal> openBorne(SignatureForm form, std::string_view bytes, const XmlParseLimits& limits,
                                             const std::optional<SystemId>& signer, const KeyLookup& keys) {
    CASEWAY_CHECK(form != SignatureForm::None && form != SignatureForm::HttpAnswer);
    if (form == SignatureForm::XmlMessage) return openXml(bytesOf(bytes), limits, keys);
    if (form == SignatureForm::XmlDocument) return openSignedDocument(bytesOf(bytes), limits, signer, keys);
    const std::size_t first = bytes.find_first_not_of(" \t\r\n");
    const bool is_object = first != std::string_view::npos && bytes[first] == '{';
    return openJson(withoutLineEnds(bytes), is_object ? JwsForm::Flattened : JwsForm::Compact,
                    JsonLimits{.depth = limits.depth}, keys);
}

MessageHeader asTakenAgain(MessageHeader header, const MessageId& id) {
    header.previous_id = header.message_id;
    header.message_id = id;
    return header;
}

bool isOfSigned(const MessageHeader& kept, const MessageHeader& from_signature) {
    return kept == from_signature || kept == asTakenAgain(from_signature, kept.message_id);
}

}  // namespace caseway
