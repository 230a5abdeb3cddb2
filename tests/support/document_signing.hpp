// tests/support/document_signing.hpp - documents of a department's own with an enveloped signature, made by xmlsec as
// any system would: the gateway has no code that makes them.
#pragma once

#include <xmlsec/xmlsec.h>
// xmlsec.h first: its other headers lean on it

#include <openssl/evp.h>
#include <xmlsec/openssl/crypto.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmltree.h>

#include <string>

#include "gateway/base/base64.hpp"
#include "gateway/formats/crypto/openssl_handles.hpp"
#include "gateway/formats/envelope/xmlsec_runtime.hpp"
#include "gateway/formats/xml/libxml_handles.hpp"
#include "tests/support/signing_fixture.hpp"

namespace caseway::test {

inline constexpr std::string_view kExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
inline constexpr std::string_view kInclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
inline constexpr std::string_view kRsaMethod = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
inline constexpr std::string_view kEcdsaMethod = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";

/// How a document is signed; the usual way of the common tools.
struct SignatureTemplate {
    std::string_view canonicalization = kInclusive;
    std::string_view method = kEcdsaMethod;
    std::string uri{};
    std::string transform{};  ///< behind enveloped-signature; empty: none
    std::string key_info{};
    std::string_view digest = "http://www.w3.org/2001/04/xmlenc#sha256";

    std::string text() const {
        const std::string second = transform.empty() ? "" : "<ds:Transform Algorithm=\"" + transform + "\"/>";
        return "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>"
               "<ds:CanonicalizationMethod Algorithm=\"" +
               std::string(canonicalization) + "\"/><ds:SignatureMethod Algorithm=\"" + std::string(method) +
               "\"/><ds:Reference URI=\"" + uri +
               "\"><ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>" +
               second + "</ds:Transforms><ds:DigestMethod Algorithm=\"" + std::string(digest) +
               "\"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/>" +
               (key_info.empty() ? "" : "<ds:KeyInfo>" + key_info + "</ds:KeyInfo>") + "</ds:Signature>";
    }
};

/// The certificate in a KeyInfo, as the common tools put it there.
inline std::string x509Of(const Party& party) {
    return "<ds:X509Data><ds:X509Certificate>" + toBase64(bytesOf(party.certificate->der())) +
           "</ds:X509Certificate></ds:X509Data>";
}

/// `document` holds the template somewhere as a child of its root.
inline std::string signedBy(const Party& party, const std::string& document) {
    initXmlsec();
    const XmlDocHandle tree(xmlReadMemory(document.data(), static_cast<int>(document.size()), nullptr, nullptr, 0));
    CASEWAY_CHECK(tree != nullptr);
    xmlNode* const root = xmlDocGetRootElement(tree.get());
    if (xmlAttr* const id = xmlHasProp(root, reinterpret_cast<const xmlChar*>("Id")))
        xmlAddID(nullptr, tree.get(), id->children->content, id);
    xmlNode* signature = root->children;
    while (signature != nullptr && !xmlSecCheckNodeName(signature, xmlSecNodeSignature, xmlSecDSigNs))
        signature = signature->next;
    CASEWAY_CHECK(signature != nullptr);
    xmlSecDSigCtx context;
    CASEWAY_CHECK(xmlSecDSigCtxInitialize(&context, nullptr) == 0);
    context.signKey = xmlSecKeyCreate();
    EVP_PKEY_up_ref(handleOf(party.key));
    xmlSecKeySetValue(context.signKey, xmlSecOpenSSLEvpKeyAdopt(handleOf(party.key)));
    const bool is_signed = xmlSecDSigCtxSign(&context, signature) == 0 && context.status == xmlSecDSigStatusSucceeded;
    xmlSecDSigCtxFinalize(&context);
    CASEWAY_CHECK(is_signed);
    xmlChar* bytes = nullptr;
    int size = 0;
    xmlDocDumpMemory(tree.get(), &bytes, &size);
    std::string text(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    xmlFree(bytes);
    return text;
}

}  // namespace caseway::test
