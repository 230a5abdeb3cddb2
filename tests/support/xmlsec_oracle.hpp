// tests/support/xmlsec_oracle.hpp - a second opinion on an XML signature: xmlsec's own verification, restricted to what
// the XML binding allows. The gateway's verdicts are held against it.
#pragma once

#include <xmlsec/xmlsec.h>
// xmlsec.h first: its other headers lean on it

#include <openssl/evp.h>
#include <xmlsec/openssl/crypto.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/xmldsig.h>

#include <boost/test/unit_test.hpp>

#include "gateway/formats/crypto/openssl_handles.hpp"
#include "gateway/formats/crypto/public_key.hpp"
#include "gateway/formats/envelope/xmlsec_runtime.hpp"

namespace caseway::test {

inline bool xmlsecVerifies(xmlNode* signature, const PublicKey& key) {
    initXmlsec();
    xmlSecDSigCtx context;
    BOOST_REQUIRE(xmlSecDSigCtxInitialize(&context, nullptr) == 0);
    context.enabledReferenceUris = xmlSecTransformUriTypeEmpty;
    for (const xmlSecTransformId id : {xmlSecTransformEnvelopedGetKlass(), xmlSecTransformExclC14NGetKlass(),
                                       xmlSecOpenSSLTransformSha256GetKlass()})
        xmlSecDSigCtxEnableReferenceTransform(&context, id);
    context.signKey = xmlSecKeyCreate();
    EVP_PKEY_up_ref(handleOf(key));
    xmlSecKeySetValue(context.signKey, xmlSecOpenSSLEvpKeyAdopt(handleOf(key)));
    const bool good = xmlSecDSigCtxVerify(&context, signature) == 0 && context.status == xmlSecDSigStatusSucceeded;
    xmlSecDSigCtxFinalize(&context);
    return good;
}

}  // namespace caseway::test
