// gateway/formats/crypto/foreign_form.cpp - forms by their labels, their first bytes, or by reading them.
#include "gateway/formats/crypto/foreign_form.hpp"

#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>

#include <utility>

#include "gateway/formats/crypto/openssl_handles.hpp"

namespace caseway {
namespace {

constexpr std::string_view kJavaKeyStore("\xFE\xED\xFE\xED", 4);

bool has(std::string_view bytes, std::string_view text) {
    return bytes.find(text) != std::string_view::npos;
}

/// Whether `read` takes all of the bytes as one object.
template <class Object>
bool isWhole(std::string_view bytes, Object* (*read)(Object**, const unsigned char**, long), void (*release)(Object*)) {
    const auto* const begin = reinterpret_cast<const unsigned char*>(bytes.data());
    const auto* at = begin;
    Object* const object = read(nullptr, &at, static_cast<long>(bytes.size()));
    release(object);
    return object != nullptr && at == begin + bytes.size();
}

/// Holds keys and certificates alike.
ForeignForm storeOf(std::string_view bytes) {
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
        return {"is UTF-16, as Windows calls Unicode", "save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE > NEW"};
    if (bytes.starts_with(kJavaKeyStore))
        return {
            "is a Java key store (JKS)",
            "keytool -importkeystore -srckeystore FILE -destkeystore NEW.p12 -deststoretype PKCS12, then of NEW.p12: "
            "openssl pkcs12 -in NEW.p12 -nodes -nocerts -out NEW.key; openssl pkcs12 -in NEW.p12 -nokeys -clcerts "
            "-out NEW.pem"};
    if (isWhole<PKCS12>(bytes, d2i_PKCS12, PKCS12_free))
        return {"is a PKCS #12 store (.p12, .pfx)",
                "its key: openssl pkcs12 -in FILE -nodes -nocerts -out NEW.key; its certificate: openssl pkcs12 -in "
                "FILE -nokeys -clcerts -out NEW.pem"};
    return {};
}

ForeignForm keyOf(std::string_view bytes) {
    if (has(bytes, "BEGIN OPENSSH PRIVATE KEY"))
        return {"is a private key in the form of OpenSSH", "ssh-keygen -p -m PKCS8 -N '' -f COPY makes PEM of a copy"};
    if (has(bytes, "BEGIN ENCRYPTED PRIVATE KEY") || has(bytes, "Proc-Type: 4,ENCRYPTED"))
        return {"is a private key under a password", "take the password off: openssl pkey -in KEY -out NEW.key"};
    if (isWhole<X509_SIG>(bytes, d2i_X509_SIG, X509_SIG_free))
        return {"is a private key under a password, in DER",
                "openssl pkcs8 -inform DER -in KEY -out NEW.key asks for the password and makes PEM of it"};
    const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
    const OpensslPtr<EVP_PKEY> key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(bytes.size())));
    if (key) return {"is a private key in DER", "openssl pkey -inform DER -in KEY -out NEW.key makes PEM of it"};
    return {};
}

ForeignForm publicOf(std::string_view bytes) {
    if (has(bytes, "BEGIN PKCS7") ||
        (!bytes.empty() && bytes.front() == '\x30' && isWhole<PKCS7>(bytes, d2i_PKCS7, PKCS7_free)))
        return {"is a bundle of certificates (PKCS #7, .p7b)",
                "openssl pkcs7 -print_certs -in FILE -out NEW.pem (-inform DER where it is no text), then give the one "
                "that is wanted"};
    if (has(bytes, "BEGIN PUBLIC KEY"))
        return {"is a public key alone",
                "a certificate says whose it is: caseway cert request, then caseway cert issue"};
    return {};
}

ForeignForm firstOf(ForeignForm first, ForeignForm second) {
    return first.what.empty() ? std::move(second) : std::move(first);
}

}  // namespace

Refusal withForm(Refusal refusal, ForeignForm form) {
    if (form.what.empty()) return refusal;
    refusal.value = std::move(form.what);
    refusal.hint = std::move(form.hint);
    return refusal;
}

ForeignForm formInsteadOfKey(std::string_view bytes) {
    const OpensslErrorScope errors;
    ForeignForm form = firstOf(storeOf(bytes), keyOf(bytes));
    if (form.what.empty() && (has(bytes, "BEGIN CERTIFICATE-") || isWhole<X509>(bytes, d2i_X509, X509_free)))
        form = {"is a certificate", "give the private key that it was made with"};
    if (form.what.empty() && has(bytes, "CERTIFICATE REQUEST-"))
        form = {"is a request for a certificate", "give the private key that it was made with"};
    return firstOf(std::move(form), publicOf(bytes));
}

ForeignForm formInsteadOfCertificate(std::string_view bytes) {
    const OpensslErrorScope errors;
    if (ForeignForm form = firstOf(storeOf(bytes), publicOf(bytes)); !form.what.empty()) return form;
    if (has(bytes, "CERTIFICATE REQUEST-"))
        return {"is a request for a certificate",
                "let its authority sign it (ours: caseway cert issue), and give what it made"};
    if (has(bytes, "PRIVATE KEY-") || !keyOf(bytes).what.empty())
        return {
            "is a private key",
            "give its certificate, or a request made with it (caseway cert request); the key never leaves its owner"};
    return {};
}

}  // namespace caseway
