// gateway/domain/pulled_signature.hpp - the signature that a payload, or the answer that brings it, may bear where the
// gateway reads it, and what a connector asks of that. What each form is: docs/formats/messages.md, "Pulled payloads".
#pragma once

#include <optional>
#include <string_view>

namespace caseway {

enum class SignatureForm {
    None,
    XmlMessage,   ///< one of our messages, XML binding
    Jws,          ///< one of our messages, JSON binding, compact or flattened
    XmlDocument,  ///< a document of the department's own with an enveloped XML signature
    HttpAnswer,   ///< any payload: the head of the HTTP answer that brought it is signed, RFC 9421
};
constexpr std::string_view nameOf(SignatureForm form) {
    constexpr std::string_view kNames[] = {"none", "xml_message", "jws", "xml_document", "http_answer"};
    return kNames[static_cast<std::size_t>(form)];
}
/// A form that is one: "none" is no name of a signature.
constexpr std::optional<SignatureForm> parseSignatureForm(std::string_view name) {
    for (const SignatureForm form :
         {SignatureForm::XmlMessage, SignatureForm::Jws, SignatureForm::XmlDocument, SignatureForm::HttpAnswer})
        if (nameOf(form) == name) return form;
    return std::nullopt;
}
/// Whether what is signed states its own id, sender, receiver and time.
constexpr bool isMessage(SignatureForm form) {
    return form == SignatureForm::XmlMessage || form == SignatureForm::Jws;
}

enum class SignatureRule { IfPresent, Required };
constexpr std::string_view nameOf(SignatureRule rule) {
    return rule == SignatureRule::IfPresent ? "if_present" : "required";
}

}  // namespace caseway
