// gateway/formats/envelope/xml_envelope.hpp - the XML binding: a Message with an enveloped XML-DSig signature over all
// of it. xmlsec verifies behind an allow-list; what it verified is the very tree that is handed on. Rules:
// docs/formats/messages.md.
#pragma once

#include <string>
#include <string_view>

#include "gateway/formats/crypto/private_key.hpp"
#include "gateway/formats/envelope/signed_content.hpp"

namespace caseway {

/// Parses, checks the form, verifies with the keys that `keys` names, reads the header from the verified tree.
/// Refusals: those of parseXml and `keys`; malformed_envelope, malformed_header, malformed_payload, bad_signature.
/// Callable concurrently.
Result<SignedContent, OpenRefusal> openXml(ByteView envelope, const XmlParseLimits& limits, const KeyLookup& keys);

/// What is to be signed: a payload that is XML, which becomes the body's element, or any bytes, as base64.
struct XmlMessage {
    MessageHeader header;
    std::string payload;
    bool as_base64 = false;
    std::string media_type;                 ///< base64 only
    std::string charset;                    ///< base64 only; empty: none
    std::string output_encoding = "UTF-8";  ///< of the envelope, an iconv name: "UTF-8", "GB18030"
};

/// The signed envelope, with a KeyName that is `key_id`. Refusals: those of parseXml; key_not_good for a kind of key
/// that the binding does not have. Throws Fault{CryptoUnavailable}.
Result<std::string> signXml(const XmlMessage& message, const PrivateKey& key, const KeyId& key_id);

}  // namespace caseway
