// gateway/formats/crypto/chain_check.hpp - a certificate and the links above it, up to an authority that is trusted:
// which link is bad, and what to do about it. OpenSSL's own verdict has the last word. Source: RFC 5280 §6.
#pragma once

#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/formats/crypto/certificate_facts.hpp"

namespace caseway {

struct ChainFinding {
    std::string code;  ///< docs/errors.md
    std::string link;  ///< subject of the certificate at fault
    std::string what;
    std::string hint;
    bool is_bad = true;  ///< false: worth knowing, nothing is refused for it
};

struct ChainInput {
    std::string certificate;               ///< DER of the one that is judged
    std::vector<std::string> between;      ///< DER, any order: links that came along; trusted in nothing
    std::vector<std::string> authorities;  ///< DER: where a chain may end
    std::vector<std::string> lists;        ///< PEM of revocation lists of these authorities
    Instant now{};
};

struct ChainReport {
    std::vector<CertificateFacts> links;  ///< the certificate first
    bool ends_at_authority = false;
    std::vector<ChainFinding> findings;
    bool isGood() const;
};

/// Codes: certificate_expired, certificate_not_yet_valid, certificate_revoked, key_too_weak, key_forgeable,
/// signature_too_weak, usage_wrong, issuer_missing, issuer_differs, issuer_not_trusted, issuer_no_authority,
/// sm2_user_id_missing, self_signed (not bad), expires_soon (not bad), revocation_list_old (not bad), chain_refused.
/// Refusal: certificate_not_good where one of the certificates cannot be read.
Result<ChainReport> checkChain(const ChainInput& input);

}  // namespace caseway
