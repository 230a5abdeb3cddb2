// gateway/register/judge_certificate.cpp - chains, authorities, lists and keys.
#include "gateway/register/judge_certificate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/limits.hpp"
#include "gateway/formats/crypto/chain_check.hpp"
#include "gateway/formats/crypto/revocation_list.hpp"
#include "gateway/formats/register/read_register.hpp"

namespace caseway {
namespace {

Refusal refused(std::string code, std::string where, std::string value, std::string rule, std::string hint) {
    return Refusal{std::move(code), std::move(where), std::move(value), std::move(rule), std::move(hint), {}};
}

ChainInput inputOf(const RegisterContent& content, const std::string& der, Instant now) {
    ChainInput input{der, {}, {}, {}, now};
    for (const auto& [name, authority] : content.authorities) {
        input.authorities.push_back(authority.der);
        if (!authority.list_pem.empty()) input.lists.push_back(authority.list_pem);
    }
    return input;
}

/// Numbers only rise (RFC 5280 §5.2.3), and so do times, where that of `former` is one to go by; where neither tells,
/// one that forgets is the older.
bool isOlder(const RevocationList& list, const RevocationList& former, bool goes_by_time) {
    const bool goes_by_number = list.number != 0 && former.number != 0;
    if (goes_by_number && list.number < former.number) return true;
    if (goes_by_time && list.this_update != former.this_update) return list.this_update < former.this_update;
    if (list.number < former.number) return true;
    if (goes_by_number && list.number != former.number) return false;
    return std::any_of(former.revoked.begin(), former.revoked.end(),
                       [&list](const RevokedCertificate& one) { return list.find(one.serial) == nullptr; });
}

bool isRevoked(const RegisteredCertificate& certificate) {
    return certificate.revoked_at || (certificate.issuer && certificate.issuer->revoked_at);
}

/// Whom our own authority certified: CN=SYSTEM,O=DEPARTMENT.
std::optional<SystemId> systemNamed(std::string_view subject) {
    constexpr std::string_view kSystem = "CN=", kDepartment = ",O=";
    const std::size_t at = subject.find(kDepartment);
    if (!subject.starts_with(kSystem) || at == std::string_view::npos) return std::nullopt;
    return SystemId::parse(fmt::format("{}/{}", subject.substr(at + kDepartment.size()),
                                       subject.substr(kSystem.size(), at - kSystem.size())));
}

/// It is its owner who has to act.
std::string hintOfAuthority(const ChainFinding& finding) {
    if (finding.code == "certificate_expired")
        return "ask the authority for its new certificate, then: caseway cert ca add NAME FILE";
    if (finding.code == "key_too_weak" || finding.code == "key_forgeable")
        return "ask the authority for a certificate over a key of today; trust nothing under this one";
    return finding.code == "certificate_revoked" ? "ask the authority above it, or this one for its successor"
                                                 : finding.hint;
}

}  // namespace

std::optional<Refusal> judgeChain(const RegisterContent& content, const std::string& der, Instant now,
                                  const Warn& warn) {
    const ChainInput input = inputOf(content, der, now);
    const auto report = checkChain(input);
    if (!report) return report.error();
    for (const ChainFinding& finding : report->findings) {
        // One that begins tomorrow may be registered today: a rotation is prepared before it is needed.
        const bool is_later = finding.code == "certificate_not_yet_valid";
        if (finding.is_bad && !is_later) return refused(finding.code, finding.link, "", finding.what, finding.hint);
        if (finding.code != "self_signed") warn(finding.what + "; " + finding.hint);
    }
    return std::nullopt;
}

std::optional<Refusal> judgeSubject(const RegisterContent& content, const std::string& der, const SystemId& system) {
    const auto own = content.authorities.find(std::string(kOwnAuthority));
    if (own == content.authorities.end() || !isIssuedBy(der, own->second.der)) return std::nullopt;
    const auto facts = factsOfDer(der);
    if (!facts) return facts.error();
    if (facts->subject == fmt::format("CN={},O={}", system.system(), system.department())) return std::nullopt;
    const std::string own_key = fmt::format(
        "{0} needs a key of its own: caseway cert request --system {0} --key NEW.key, then caseway cert issue",
        system.text());
    const auto named = systemNamed(facts->subject);
    return refused("certificate_of_another_system", "certificate", facts->subject,
                   "our own authority wrote another system into it than " + system.text(),
                   named ? fmt::format("it is that of {0}: caseway {1}; {2}", named->text(),
                                       content.systems.contains(*named)
                                           ? fmt::format("cert add {} FILE", named->text())
                                           : fmt::format("system add {} --mapping NAME --cert FILE", named->text()),
                                       own_key)
                         : own_key);
}

std::optional<Refusal> judgeAuthority(const RegisterContent& content, const std::string& der, Instant now,
                                      const Warn& warn) {
    const auto facts = factsOfDer(der);
    if (!facts) return facts.error();
    if (!facts->is_authority) {
        const auto& usages = facts->usages;
        const bool may_sign = std::find(usages.begin(), usages.end(), "keyCertSign") != usages.end();
        if (facts->is_marked_authority && !may_sign)
            return refused("issuer_no_authority", facts->subject, "",
                           "it is marked an authority (CA:TRUE), but its key usage allows no signing of certificates",
                           "ask the authority for its certificate with the key usage keyCertSign");
        return refused("issuer_no_authority", facts->subject, "", "its certificate allows no issuing (CA:FALSE)",
                       "give the certificate of the authority, not of one whom it certified");
    }
    ChainInput input = inputOf(content, der, now);
    input.authorities.push_back(der);
    const auto report = checkChain(input);
    if (!report) return report.error();
    for (const ChainFinding& finding : report->findings) {
        // An authority signs certificates, not messages. What one above it does not allow stays.
        const bool is_signing_only = finding.code == "usage_wrong" && finding.link == facts->subject;
        const bool is_other_key = finding.code == "key_too_weak" && !facts->key.starts_with("RSA ");
        if (finding.is_bad && !is_signing_only && !is_other_key)
            return refused(finding.code, finding.link, "", finding.what,
                           finding.link == facts->subject ? hintOfAuthority(finding) : finding.hint);
        if (!finding.is_bad && !is_signing_only && finding.code != "self_signed")
            warn(finding.what + "; " + finding.hint);
    }
    return std::nullopt;
}

std::optional<Refusal> judgeForgotten(const RegisterContent& before, const RegisterContent& after,
                                      const std::string& authority) {
    for (const auto& [id, entry] : before.systems)
        for (const RegisteredCertificate& was : entry.certificates) {
            const auto system = after.systems.find(id);
            if (!isRevoked(was) || system == after.systems.end()) continue;
            for (const RegisteredCertificate& is : system->second.certificates)
                if (is.id == was.id && !isRevoked(is))
                    return refused("revocation_would_go", "authority", authority,
                                   fmt::format("a revoked certificate of {} would be good again without it", id.text()),
                                   fmt::format("take that out first: caseway cert remove {} {}", id.text(),
                                               was.id.text().substr(0, 16)));
        }
    return std::nullopt;
}

std::optional<Refusal> judgeOwner(const RegisterContent& content, const SystemId& system,
                                  const CertificateFacts& facts) {
    for (const auto& [id, entry] : content.systems) {
        if (id == system) continue;
        for (const RegisteredCertificate& other : entry.certificates) {
            const auto known = factsOfDer(other.der);
            if (known && known->key_digest == facts.key_digest)
                return refused(other.id == facts.id ? "certificate_taken" : "key_taken", "certificate", facts.id.text(),
                               fmt::format("{} is bound to {}", other.id == facts.id ? "it" : "its key", id.text()),
                               fmt::format("make a key of this system's own: caseway cert request; where the key was "
                                           "registered for the wrong one, release it there first, by itself: caseway "
                                           "cert remove {} {}",
                                           id.text(), other.id.text().substr(0, 16)));
        }
    }
    return std::nullopt;
}

std::optional<Refusal> judgeList(const RegisteredAuthority& authority, const std::string& pem,
                                 const std::string& former_pem, Instant now, const Warn& warn) {
    const auto list = RevocationList::fromPem(pem, authority.der);
    if (!list) return list.error();
    if (!list->weak_digest.empty())
        return refused("signature_too_weak", "revocation list", "signed over " + list->weak_digest,
                       "signed with SHA-256 or SM3", "ask the authority for a list that is signed so");
    if (list->this_update > now + Limits{}.ahead)
        return refused("revocation_list_ahead", "revocation list", toRfc3339(list->this_update),
                       fmt::format("signed at most {} minutes ahead of {}", Limits{}.ahead.count(), toRfc3339(now)),
                       "check this machine's clock; else ask the authority, whose clock is ahead, for a new list");
    if (!former_pem.empty()) {
        const auto former = RevocationList::fromPem(former_pem, authority.der);
        const bool is_of_future = former && former->this_update > now + Limits{}.ahead;
        if (former && isOlder(*list, *former, !is_of_future))
            return refused("revocation_list_older", "revocation list",
                           fmt::format("{}, number {}", toRfc3339(list->this_update), list->number),
                           fmt::format("not older than the one that is here, of {}, number {}, and no number below it",
                                       toRfc3339(former->this_update), former->number),
                           is_of_future ? "the one that is here is dated in the future: ask the authority for a list "
                                          "with a higher number, or, where it numbers none, that names all that this "
                                          "one names"
                                        : "fetch the current one: an old list forgets who was revoked");
        if (is_of_future)  // taken under former rules: no time could follow it, a higher number can
            warn("the list that was here is dated in the future, " + toRfc3339(former->this_update) +
                 ": it is replaced by one of " + toRfc3339(list->this_update));
    }
    if (list->next_update && *list->next_update < now)
        warn("it should have been renewed at " + toRfc3339(*list->next_update));
    return std::nullopt;
}

std::optional<Refusal> judgeKey(const RevokedKeys& revoked, const SystemId& system, const std::string& key_digest) {
    const auto found = revoked.find(key_digest);
    if (found == revoked.end()) return std::nullopt;
    return refused("certificate_revoked", "certificate", found->second.serial,
                   "a key of which no certificate was revoked: one over this key was",
                   "make a new key: caseway cert request --system " + system.text() + " --key NEW.key");
}

}  // namespace caseway
