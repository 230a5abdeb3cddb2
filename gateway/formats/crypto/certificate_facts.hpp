// gateway/formats/crypto/certificate_facts.hpp - what stands in a certificate, as plain values, whatever its key: also
// of authorities whose keys no message could be signed with. Nothing is judged here. Source: RFC 5280.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/ids.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"

struct evp_pkey_st;

namespace caseway {

struct CertificateFacts {
    KeyId id;             ///< the protocol's key id
    std::string subject;  ///< RFC 2253
    std::string issuer;
    std::string serial;  ///< lower-case hex
    Instant not_before{};
    Instant not_after{};
    std::string key;                   ///< "P-256", "RSA 2048", "EC secp384r1", "SM2", "Ed25519"
    std::string weakness;              ///< why the protocol takes no signature of this key; empty where it does
    std::string key_digest;            ///< SHA-256 of the public key (SubjectPublicKeyInfo), hex
    bool is_authority = false;         ///< it may issue
    bool is_marked_authority = false;  ///< CA:TRUE, whatever its key usage says
    bool is_self_signed = false;       ///< its subject is its issuer, and its own key signed it
    std::vector<std::string> usages;
};

/// Refusal: certificate_not_good.
Result<CertificateFacts> factsOfDer(std::string_view der);
/// Why others than its holder can sign with the key of this certificate; empty where they cannot, or where it cannot be
/// read. Costs as much as some signatures.
std::string whyKeyForgeable(std::string_view der);
/// Whether the authority `issuer_der` signed the certificate `der`: its name, and its key. Time and usage are not
/// asked.
bool isIssuedBy(std::string_view der, std::string_view issuer_der);
/// The DER of every certificate of a PEM text, at most 20. Refusal: certificate_not_good where there is none.
Result<std::vector<std::string>> certificatesOfPem(std::string_view pem);
/// Of the first certificate of a PEM text. Refusal: certificate_not_good.
Result<CertificateFacts> factsOfPem(std::string_view pem);
std::string pemOfCertificate(std::string_view der);
/// SHA-256 of the SubjectPublicKeyInfo, hex: the same for every certificate and request over one key, also where they
/// spell it otherwise (a point compressed, a curve by its numbers): then of the usual form, named curve and whole
/// point.
std::string publicKeyDigest(evp_pkey_st* key);

}  // namespace caseway
