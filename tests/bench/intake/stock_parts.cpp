// tests/bench/intake/stock_parts.cpp - the calls that the manuals of libxml2, xmlsec and OpenSSL show.
#include "tests/bench/intake/stock_parts.hpp"

#include <xmlsec/xmlsec.h>
// xmlsec.h first: its other headers lean on it

#include <libxml/parser.h>
#include <openssl/evp.h>
#include <xmlsec/openssl/crypto.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmltree.h>

#include <memory>
#include <stdexcept>

#include "gateway/base/base64.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/crypto/ecdsa_signature.hpp"
#include "gateway/formats/crypto/openssl_handles.hpp"
#include "gateway/formats/envelope/signature_base.hpp"
#include "gateway/formats/envelope/xmlsec_runtime.hpp"

namespace caseway::bench {
namespace {

std::string derOf(std::string_view raw) {
    const auto der = ecdsaRawToDer(bytesOf(raw));
    if (!der) throw std::runtime_error("the signature is not one of P-256");
    return std::string(textOf(der->view()));
}

bool verifyXml(const std::string& envelope, const PublicKey& key) {
    initXmlsec();
    const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
        xmlReadMemory(envelope.data(), static_cast<int>(envelope.size()), nullptr, nullptr, XML_PARSE_NONET),
        &xmlFreeDoc);
    if (!document) return false;
    xmlNode* const signature = xmlSecFindNode(xmlDocGetRootElement(document.get()), xmlSecNodeSignature, xmlSecDSigNs);
    const std::unique_ptr<xmlSecDSigCtx, decltype(&xmlSecDSigCtxDestroy)> context(xmlSecDSigCtxCreate(nullptr),
                                                                                  &xmlSecDSigCtxDestroy);
    context->signKey = xmlSecKeyCreate();
    EVP_PKEY_up_ref(handleOf(key));
    xmlSecKeySetValue(context->signKey, xmlSecOpenSSLEvpKeyAdopt(handleOf(key)));
    return xmlSecDSigCtxVerify(context.get(), signature) == 0 && context->status == xmlSecDSigStatusSucceeded;
}

bool verifyBytes(std::string_view bytes, std::string_view der, const PublicKey& key) {
    const OpensslPtr<EVP_MD_CTX> context(EVP_MD_CTX_new());
    return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, handleOf(key)) == 1 &&
           EVP_DigestVerify(context.get(), bytesOf(der).data(), der.size(), bytesOf(bytes).data(), bytes.size()) == 1;
}

}  // namespace

StockMessage prepareStock(const std::string& binding, const HttpRequest& request, const std::string& body) {
    StockMessage message;
    if (binding == "json") {
        const std::size_t last = body.rfind('.');
        message.signed_bytes = body.substr(0, last);
        message.payload_text = message.signed_bytes.substr(message.signed_bytes.find('.') + 1);
        message.signature_der = derOf(*fromBase64Url(body.substr(last + 1)));
    } else if (binding == "http") {
        const auto signature = readHttpSignature(request, "caseway-message");
        message.signed_bytes = *signatureBase(request, signature->input);
        message.signature_der = derOf(signature->bytes);
        message.body = body;
    } else {
        message.body = body;
    }
    return message;
}

bool stockVerifies(const std::string& binding, const StockMessage& message, const PublicKey& key) {
    if (binding == "xml") return verifyXml(message.body, key);
    if (binding == "json" && !fromBase64Url(message.payload_text)) return false;
    if (binding == "http" && sha256(message.body) == Sha256{}) return false;
    return verifyBytes(message.signed_bytes, message.signature_der, key);
}

}  // namespace caseway::bench
