// gateway/formats/crypto/issue_certificate.hpp - what our own certificate authority signs: itself, and certificates for
// systems. For trying out and for sites without an authority of their own. Source: RFC 5280.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/time.hpp"
#include "gateway/formats/crypto/certificate_request.hpp"
#include "gateway/formats/crypto/private_key.hpp"

namespace caseway {

struct Validity {
    Instant not_before{};
    Instant not_after{};
};

/// A self-signed authority, CN=`name`, that may sign certificates and revocation lists, but no further authorities.
/// DER. Throws Fault{CryptoUnavailable}.
std::string makeAuthority(const PrivateKey& key, std::string_view name, const Validity& validity);

/// A certificate over the key of `request` for O=`organization`, CN=`name`, whatever the request calls itself; for
/// signatures and TLS clients, never an authority. DER. Throws Fault{CryptoUnavailable}.
std::string issueCertificate(const CertificateRequest& request, std::string_view organization, std::string_view name,
                             const Validity& validity, std::string_view authority_der, const PrivateKey& authority_key);

}  // namespace caseway
