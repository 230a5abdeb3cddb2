// gateway/formats/register/issuer_standing.cpp - who signed whom among what is registered.
#include "gateway/formats/register/issuer_standing.hpp"

#include <algorithm>

#include "gateway/formats/crypto/certificate_facts.hpp"

namespace caseway {
namespace {

struct Known {
    RegisteredAuthority* authority;
    CertificateFacts facts;
};

/// The names first: a signature costs a thousand times as much.
bool isBelow(const std::string& der, const CertificateFacts& facts, const Known& issuer) {
    return facts.issuer == issuer.facts.subject && isIssuedBy(der, issuer.authority->der);
}

void markListed(std::vector<Known>& all, const std::map<std::string, RevocationList>& lists) {
    for (Known& below : all)
        for (const Known& above : all) {
            const auto list = lists.find(above.authority->name);
            if (list == lists.end()) continue;
            const RevokedCertificate* const revoked = list->second.find(below.facts.serial);
            if (revoked != nullptr && isBelow(below.authority->der, below.facts, above))
                below.authority->revoked_at = revoked->at;
        }
}

void markBelow(std::vector<Known>& all) {
    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (Known& below : all)
            for (const Known& above : all) {
                if (below.authority->revoked_at || !above.authority->revoked_at ||
                    !isBelow(below.authority->der, below.facts, above))
                    continue;
                below.authority->revoked_at = above.authority->revoked_at;
                is_changed = true;
            }
    }
}

std::optional<IssuerStanding> issuerOf(const std::string& der, const std::vector<Known>& all) {
    const auto facts = factsOfDer(der);
    if (!facts) return std::nullopt;
    std::optional<IssuerStanding> standing;
    for (const Known& known : all) {
        if (!isBelow(der, *facts, known)) continue;
        const auto revoked_at = known.authority->revoked_at ? known.authority->revoked_at
                                : standing                  ? standing->revoked_at
                                                            : std::nullopt;
        if (!standing || known.facts.not_after > standing->until)
            standing = IssuerStanding{known.authority->name, known.facts.not_after, {}};
        standing->revoked_at = revoked_at;
    }
    return standing;
}

}  // namespace

void markIssuers(RegisterContent& content, const std::map<std::string, RevocationList>& lists) {
    std::vector<Known> all;
    for (auto& [name, authority] : content.authorities)
        if (auto facts = factsOfDer(authority.der)) all.push_back({&authority, std::move(*facts)});
    markListed(all, lists);
    markBelow(all);
    for (auto& [id, entry] : content.systems)
        for (RegisteredCertificate& certificate : entry.certificates)
            certificate.issuer = issuerOf(certificate.der, all);
}

}  // namespace caseway
