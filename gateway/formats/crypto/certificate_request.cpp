// gateway/formats/crypto/certificate_request.cpp - reading, judging and making requests.
#include "gateway/formats/crypto/certificate_request.hpp"

#include <openssl/pem.h>

#include "gateway/base/check.hpp"
#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/crypto/foreign_form.hpp"
#include "gateway/formats/crypto/forgeable_key.hpp"
#include "gateway/formats/crypto/x509_parts.hpp"

namespace caseway {
namespace {

constexpr std::size_t kRequestBytesMax = 64 * 1024;
constexpr std::string_view kLabels[] = {"CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"};

Refusal notGood(std::string what, std::string hint) {
    return Refusal{"request_not_good", "request", std::move(what), "one PKCS #10 request, signed by its own key",
                   std::move(hint)};
}

constexpr const char* kMakeAgain = "make it again: caseway cert request --system DEPARTMENT/SYSTEM --key KEY --out CSR";

constexpr const char* kHandOverAnew =
    "let it be handed over anew, as a file and whole; where it says the same again, let it be made again: caseway cert "
    "request --system DEPARTMENT/SYSTEM --key KEY --out CSR";

bool isSignedByItself(X509_REQ* request, EVP_PKEY* key, bool with_id) {
    const OpensslErrorScope errors;
    if (with_id)
        useStandardId(request);
    else
        X509_REQ_set0_distinguishing_id(request, nullptr);
    return X509_REQ_verify(request, key) == 1;
}

}  // namespace

Result<CertificateRequest> CertificateRequest::fromDer(std::string_view der) {
    const OpensslErrorScope errors;
    if (der.size() > kRequestBytesMax) return notGood("larger than 64 KiB", kMakeAgain);
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const OpensslPtr<X509_REQ> parsed(d2i_X509_REQ(nullptr, &at, static_cast<long>(der.size())));
    if (!parsed) return notGood("cannot be read: " + whyUnreadable(der), kHandOverAnew);
    if (reinterpret_cast<const char*>(at) != der.data() + der.size())
        return notGood("bytes stand behind it: it was altered after it was made", kHandOverAnew);
    EVP_PKEY* const key = X509_REQ_get0_pubkey(parsed.get());
    CertificateRequest request;
    if (key == nullptr)
        return Refusal{"key_too_weak", "request",
                       "a key that cannot be read: altered, or of a kind that is unknown here",
                       "P-256, RSA of 2048 bits or more, Ed25519 or SM2",
                       "let it be handed over anew, as a file and whole; where it says the same again, make a new key "
                       "and request: caseway cert request --kind P-256 …"};
    const std::string weakness = weaknessOf(key, request.key);
    // Before the key is judged: one that was altered is no weak key that its holder had made.
    if (!isSignedByItself(parsed.get(), key, true)) {
        if (request.key == KeyKind::Sm2 && isSignedByItself(parsed.get(), key, false))
            return Refusal{"sm2_user_id_missing", "request", "signed with the empty user id",
                           "SM2 signatures use the user id 1234567812345678",
                           "sign it again: openssl req -new -key KEY -sm3 -sigopt distid:1234567812345678"};
        return notGood("its own signature does not verify: it was altered after it was made, or signed by another key",
                       kHandOverAnew);
    }
    if (!weakness.empty())
        return Refusal{"key_too_weak", "request", weakness, "P-256, RSA of 2048 bits or more, Ed25519 or SM2",
                       "make a new key and request: caseway cert request --kind P-256 …"};
    if (const std::string why = whyForgeable(key); !why.empty())
        return Refusal{"key_forgeable", "request", why, "a key with which only its holder can sign",
                       "make a new key and request: caseway cert request --kind P-256 …"};
    if (const std::string weak = weakDigestOf(parsed.get()); !weak.empty())
        return Refusal{"signature_too_weak", "request", "signed over " + weak, "signed with SHA-256 or SM3",
                       "make it again: caseway cert request, or openssl req -new -sha256"};
    request.der = der;
    request.subject = nameText(X509_REQ_get_subject_name(parsed.get()));
    request.key_digest = publicKeyDigest(key);
    return request;
}

Result<CertificateRequest> CertificateRequest::fromPem(std::string_view pem) {
    if (pem.size() > 2 * kRequestBytesMax) return notGood("larger than 128 KiB", kMakeAgain);
    std::vector<std::string> blocks;
    for (const std::string_view label : kLabels)
        for (std::string& block : pemBlocks(pem, label, 2)) blocks.push_back(std::move(block));
    if (blocks.empty() && pem.find("BEGIN CERTIFICATE-") != std::string_view::npos)
        return notGood("is a certificate",
                       "give the request (CSR) that `caseway cert request` or `openssl req -new` wrote");
    if (blocks.empty() && pem.find("CERTIFICATE REQUEST-") != std::string_view::npos)
        return notGood("begins or ends, and not both: it was cut off, or a line of it is changed",
                       "let it be handed over anew, as a file and whole");
    if (blocks.empty())
        return withForm(notGood("no BEGIN CERTIFICATE REQUEST in it",
                                "give the file that `caseway cert request` or `openssl req -new` wrote"),
                        formInsteadOfCertificate(pem));
    if (pem.find("PRIVATE KEY-") != std::string_view::npos)
        return Refusal{"private_key_given", "request", "", "a request, never a private key",
                       "treat the key as disclosed: make a new one, and hand over its request only"};
    if (blocks.size() != 1) return notGood("more than one request in one file", "one file for each request");
    return fromDer(blocks.front());
}

std::string CertificateRequest::make(const PrivateKey& key, std::string_view organization, std::string_view name) {
    const OpensslErrorScope errors;
    const OpensslPtr<X509_REQ> made(X509_REQ_new());
    X509_REQ_set_version(made.get(), X509_REQ_VERSION_1);
    X509_NAME* const subject = X509_REQ_get_subject_name(made.get());
    appendNamePart(subject, "O", organization);
    appendNamePart(subject, "CN", name);
    CASEWAY_CHECK(X509_REQ_set_pubkey(made.get(), handleOf(key)) == 1);
    signX509(made.get(), key);
    const OpensslPtr<BIO> bio(BIO_new(BIO_s_mem()));
    CASEWAY_CHECK(PEM_write_bio_X509_REQ(bio.get(), made.get()) == 1);
    return textOfBio(bio.get());
}

std::string keyDigestOf(const PrivateKey& key) {
    // A request is where the public half stands in the form that digests are made of.
    const auto request = CertificateRequest::fromPem(CertificateRequest::make(key, "x", "x"));
    return request ? request->key_digest : std::string();
}

}  // namespace caseway
