// gateway/formats/crypto/revocation_list.hpp - a list of revoked certificates (CRL): made by our own authority, or an
// outside one's that was handed in. Believed only under the key of its issuer. Source: RFC 5280 §5.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/formats/crypto/private_key.hpp"

namespace caseway {

struct RevokedCertificate {
    std::string serial;  ///< lower-case hex
    Instant at{};
    bool operator==(const RevokedCertificate&) const = default;
};

struct RevocationList {
    std::string issuer;  ///< RFC 2253
    Instant this_update{};
    std::optional<Instant> next_update;
    std::uint64_t number = 0;  ///< 0: it bears none
    std::vector<RevokedCertificate> revoked;
    std::string
        weak_digest{};  ///< over which it is signed, where nobody should believe that; what was taken once stays

    /// The list in `pem` ("BEGIN X509 CRL", one), at most 4 MiB, signed by the key of the authority `issuer_der`, of
    /// all that it revoked: no delta, no distribution point's part, no critical extension that is not understood.
    /// Refusals: revocation_list_not_good, revocation_list_not_signed (by this authority).
    static Result<RevocationList> fromPem(std::string_view pem, std::string_view issuer_der);
    /// The same list as it stands there, whoever signed it: to tell of it, never to believe it.
    static Result<RevocationList> unverified(std::string_view pem);
    const RevokedCertificate* find(std::string_view serial) const;
};

/// A new list in PEM, signed by the authority. `list.issuer` is ignored: it is the authority's subject.
/// Throws Fault{CryptoUnavailable}.
std::string makeRevocationList(const RevocationList& list, std::string_view authority_der, const PrivateKey& key);

}  // namespace caseway
