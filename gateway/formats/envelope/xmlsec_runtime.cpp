// gateway/formats/envelope/xmlsec_runtime.cpp - the only source that calls xmlsec.
#include "gateway/formats/envelope/xmlsec_runtime.hpp"

#include <xmlsec/xmlsec.h>
// xmlsec.h first: its other headers lean on it

#include <xmlsec/errors.h>
#include <xmlsec/openssl/app.h>
#include <xmlsec/openssl/crypto.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/xmldsig.h>

#include "gateway/base/check.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/formats/crypto/openssl_handles.hpp"
#include "gateway/formats/xml/libxml_handles.hpp"

namespace caseway {
namespace {

void ignoreXmlsecError(const char*, int, const char*, const char*, const char*, int, const char*) {}

struct DestroyKey {
    void operator()(xmlSecKey* key) const { xmlSecKeyDestroy(key); }
};
using XmlsecKey = std::unique_ptr<xmlSecKey, DestroyKey>;

/// A key of xmlsec's that shares our EVP_PKEY.
XmlsecKey shareKey(EVP_PKEY* handle) {
    XmlsecKey key(xmlSecKeyCreate());
    CASEWAY_CHECK(key != nullptr && EVP_PKEY_up_ref(handle) == 1);
    xmlSecKeyData* const value = xmlSecOpenSSLEvpKeyAdopt(handle);
    if (value == nullptr) EVP_PKEY_free(handle);
    CASEWAY_CHECK(value != nullptr && xmlSecKeySetValue(key.get(), value) == 0);
    return key;
}

class Context {
public:
    Context() { CASEWAY_CHECK(xmlSecDSigCtxInitialize(&context_, nullptr) == 0); }
    ~Context() { xmlSecDSigCtxFinalize(&context_); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    xmlSecDSigCtx* operator->() { return &context_; }
    xmlSecDSigCtx* get() { return &context_; }

    void allowOnly(xmlSecTransformId signature_method) {
        context_.flags |= XMLSEC_DSIG_FLAGS_IGNORE_MANIFESTS;
        context_.enabledReferenceUris = xmlSecTransformUriTypeEmpty;
        context_.keyInfoReadCtx.retrievalMethodCtx.enabledUris = xmlSecTransformUriTypeNone;
        bool set = true;
        for (const xmlSecTransformId id : {xmlSecTransformEnvelopedGetKlass(), xmlSecTransformExclC14NGetKlass(),
                                           xmlSecOpenSSLTransformSha256GetKlass()})
            set = set && xmlSecDSigCtxEnableReferenceTransform(&context_, id) == 0;
        for (const xmlSecTransformId id : {xmlSecTransformExclC14NGetKlass(), signature_method})
            set = set && xmlSecDSigCtxEnableSignatureTransform(&context_, id) == 0;
        CASEWAY_CHECK(set);
    }

private:
    xmlSecDSigCtx context_;
};

xmlSecTransformId methodOf(SignatureAlgorithm algorithm) {
    return algorithm == SignatureAlgorithm::EcdsaP256Sha256 ? xmlSecOpenSSLTransformEcdsaSha256GetKlass()
                                                            : xmlSecOpenSSLTransformRsaSha256GetKlass();
}

}  // namespace

void initXmlsec() {
    static const bool kReady = [] {
        initLibxml();
        const bool ready = xmlSecInit() == 0 && xmlSecOpenSSLAppInit(nullptr) == 0 && xmlSecOpenSSLInit() == 0;
        xmlSecErrorsSetCallback(ignoreXmlsecError);
        return ready;
    }();
    CASEWAY_CHECK(kReady);
}

void signWithXmlsec(xmlNode* signature_template, const PrivateKey& key) {
    initXmlsec();
    const OpensslErrorScope errors;
    Context context;
    context.allowOnly(methodOf(usualAlgorithm(key.kind())));
    context->signKey = shareKey(handleOf(key)).release();
    if (xmlSecDSigCtxSign(context.get(), signature_template) != 0 || context->status != xmlSecDSigStatusSucceeded)
        throw Fault(FaultCode::CryptoUnavailable, "xmlsec could not sign: " + takeOpensslErrors());
}

}  // namespace caseway
