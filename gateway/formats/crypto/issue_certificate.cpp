// gateway/formats/crypto/issue_certificate.cpp - certificates made field by field.
#include "gateway/formats/crypto/issue_certificate.hpp"

#include <openssl/pem.h>

#include "gateway/base/check.hpp"
#include "gateway/formats/crypto/x509_parts.hpp"

namespace caseway {
namespace {

void addExtension(X509* certificate, X509* authority, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, authority, certificate, nullptr, nullptr, 0);
    const OpensslPtr<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
    CASEWAY_CHECK(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

OpensslPtr<X509> blank(const Validity& validity) {
    OpensslPtr<X509> made(X509_new());
    X509_set_version(made.get(), X509_VERSION_3);
    setRandomSerial(X509_get_serialNumber(made.get()));
    setTime(X509_getm_notBefore(made.get()), validity.not_before);
    setTime(X509_getm_notAfter(made.get()), validity.not_after);
    return made;
}

std::string derOf(const X509* certificate) {
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(certificate, &bytes);
    CASEWAY_CHECK(size > 0);
    std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

}  // namespace

std::string makeAuthority(const PrivateKey& key, std::string_view name, const Validity& validity) {
    const OpensslErrorScope errors;
    const OpensslPtr<X509> made = blank(validity);
    appendNamePart(X509_get_subject_name(made.get()), "CN", name);
    X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
    CASEWAY_CHECK(X509_set_pubkey(made.get(), handleOf(key)) == 1);
    addExtension(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    addExtension(made.get(), made.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    addExtension(made.get(), made.get(), NID_subject_key_identifier, "hash");
    signX509(made.get(), key);
    return derOf(made.get());
}

std::string issueCertificate(const CertificateRequest& request, std::string_view organization, std::string_view name,
                             const Validity& validity, std::string_view authority_der,
                             const PrivateKey& authority_key) {
    const OpensslErrorScope errors;
    const auto* at = reinterpret_cast<const unsigned char*>(authority_der.data());
    const OpensslPtr<X509> authority(d2i_X509(nullptr, &at, static_cast<long>(authority_der.size())));
    at = reinterpret_cast<const unsigned char*>(request.der.data());
    const OpensslPtr<X509_REQ> asked(d2i_X509_REQ(nullptr, &at, static_cast<long>(request.der.size())));
    CASEWAY_CHECK(authority && asked);
    const OpensslPtr<X509> made = blank(validity);
    appendNamePart(X509_get_subject_name(made.get()), "O", organization);
    appendNamePart(X509_get_subject_name(made.get()), "CN", name);
    X509_set_issuer_name(made.get(), X509_get_subject_name(authority.get()));
    CASEWAY_CHECK(X509_set_pubkey(made.get(), X509_REQ_get0_pubkey(asked.get())) == 1);
    addExtension(made.get(), authority.get(), NID_basic_constraints, "critical,CA:FALSE");
    addExtension(made.get(), authority.get(), NID_key_usage, "critical,digitalSignature,nonRepudiation");
    addExtension(made.get(), authority.get(), NID_ext_key_usage, "clientAuth");
    addExtension(made.get(), authority.get(), NID_subject_key_identifier, "hash");
    addExtension(made.get(), authority.get(), NID_authority_key_identifier, "keyid:always");
    signX509(made.get(), authority_key);
    return derOf(made.get());
}

}  // namespace caseway
