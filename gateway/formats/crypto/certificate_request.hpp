// gateway/formats/crypto/certificate_request.hpp - a request for a certificate (CSR): made for a system, or read from a
// stranger and believed in nothing but its key, which must be strong and must have signed it. Source: RFC 2986.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.hpp"
#include "gateway/formats/crypto/private_key.hpp"

namespace caseway {

/// A request that holds: its key is one of the protocol's, and signed it.
struct CertificateRequest {
    std::string der;
    std::string subject;  ///< what the asker calls itself; the authority writes its own
    KeyKind key = KeyKind::EcP256;
    std::string key_digest;  ///< SHA-256 of the public key (SubjectPublicKeyInfo), hex

    /// Exactly one "BEGIN CERTIFICATE REQUEST" block. Refusals: request_not_good (unreadable, two of them, a signature
    /// that is not its key's), private_key_given, key_too_weak, key_forgeable, sm2_user_id_missing.
    static Result<CertificateRequest> fromPem(std::string_view pem);
    static Result<CertificateRequest> fromDer(std::string_view der);
    /// A new request in PEM, O=`organization`, CN=`name`. Throws Fault{CryptoUnavailable}.
    static std::string make(const PrivateKey& key, std::string_view organization, std::string_view name);
};

/// publicKeyDigest() of its public half. Throws Fault{CryptoUnavailable}.
std::string keyDigestOf(const PrivateKey& key);

}  // namespace caseway
