// gateway/register/plan_certificate.cpp - certificates of systems: judged before they are taken, issued and revoked by
// our own authority.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "gateway/formats/crypto/certificate.hpp"
#include "gateway/formats/crypto/issue_certificate.hpp"
#include "gateway/formats/crypto/revocation_list.hpp"
#include "gateway/formats/register/read_register.hpp"
#include "gateway/formats/text/lower_case.hpp"
#include "gateway/register/judge_certificate.hpp"
#include "gateway/register/planner.hpp"

namespace caseway {
namespace {

constexpr int kDaysUsual = 365;
constexpr int kDaysMax = 3650;

Refusal refused(std::string code, std::string where, std::string value, std::string rule, std::string hint) {
    return Refusal{std::move(code), std::move(where), std::move(value), std::move(rule), std::move(hint), {}};
}

/// What was issued could be registered, or is not issued.
Planned judgeIssued(const Planner& planner, const std::string& der) {
    auto refusal = judgeChain(planner.content, der, planner.context.now, [](const std::string&) {});
    if (refusal && refusal->code == "chain_refused")  // of its own authority: it can only be the key
        refusal->hint =
            "make the key on a named curve, as caseway cert request does (openssl: -pkeyopt ec_param_enc:named_curve)";
    return refusal;
}

/// Whom a revocation hits.
void tellOwner(Planner& planner, const CertificateFacts& revoked) {
    planner.change.made["subject"] = revoked.subject;
    for (const auto& [id, entry] : planner.content.systems) {
        bool is_hit = false, has_other = false;
        for (const RegisteredCertificate& one : entry.certificates) {
            const auto facts = factsOfDer(one.der);
            const bool has_its_key = facts && facts->key_digest == revoked.key_digest;
            is_hit = is_hit || has_its_key;
            has_other =
                has_other || (facts && !has_its_key && !one.revoked_at && facts->not_after > planner.context.now);
            if (has_its_key && one.id != revoked.id)
                planner.warn(fmt::format("the certificate {} of {} is over the same key, and is revoked with it",
                                         one.id.text().substr(0, 16), id.text()));
        }
        if (!is_hit) continue;
        planner.change.made["system"] = id.text();
        if (!has_other)
            planner.warn("it was the only good certificate of " + id.text() +
                         ": nothing that it sends is taken until caseway cert add " + id.text() + " FILE");
    }
}

Planned addCertificate(Planner& planner) {
    const auto entry = systemOf(planner);
    if (!entry) return entry.error();
    return putCertificate(planner, (*entry)->system.id, planner.operation.text("certificate"));
}

/// What is left to a system of which a certificate goes.
void tellLeft(Planner& planner, const RegisteredEntry& entry, const RegisteredCertificate& removed) {
    if (entry.certificates.size() == 1)
        return planner.warn("the system has no certificate now: nothing that it sends is taken");
    std::optional<Instant> begin;  // of the next one
    for (const RegisteredCertificate& other : entry.certificates) {
        const auto facts = factsOfDer(other.der);
        if (other.id == removed.id || !facts || other.revoked_at || facts->not_after < planner.context.now) continue;
        if (facts->not_before <= planner.context.now) return;
        if (!begin || facts->not_before < *begin) begin = facts->not_before;
    }
    planner.warn("none of its other certificates is valid now" +
                 (begin ? ": the next not before " + toRfc3339(*begin) : std::string()) +
                 "; nothing that it sends is taken until then");
}

Planned removeCertificate(Planner& planner) {
    const auto entry = systemOf(planner);
    if (!entry) return entry.error();
    const std::string wanted = planner.operation.text("key_id");
    const RegisteredCertificate* found = nullptr;
    for (const RegisteredCertificate& certificate : (*entry)->certificates) {
        if (wanted.size() < 8 || !certificate.id.text().starts_with(wanted)) continue;
        if (found != nullptr)
            return refused("key_id_ambiguous", "key_id", wanted, "the beginning of one key id only", "give more of it");
        found = &certificate;
    }
    if (found == nullptr)
        return refused("certificate_unknown", "key_id", wanted, "a key id, or its first 8 digits, of this system",
                       "caseway cert list --system " + (*entry)->system.id.text());
    planner.after.erase(found->file);
    tellLeft(planner, **entry, *found);
    return std::nullopt;
}

Planned issue(Planner& planner) {
    const auto id = SystemId::parse(planner.operation.text("system"));
    if (!id)
        return refused("system_name_bad", "system", planner.operation.text("system"),
                       "DEPARTMENT/SYSTEM, each of a-z, 0-9, _ and -", "such as housing/permits");
    const auto own = planner.content.authorities.find(std::string(kOwnAuthority));
    if (own == planner.content.authorities.end())
        return refused("authority_missing", "authority", "", "an authority of our own", "caseway cert ca init");
    int days = kDaysUsual;
    const std::string text = planner.operation.text("days");
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), days);
    if (!text.empty() &&
        (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || days < 1 || days > kDaysMax))
        return refused("member_out_of_range", "days", text, fmt::format("1 to {} days", kDaysMax), "365 is usual");
    auto request = CertificateRequest::fromPem(planner.operation.text("request"));
    if (!request) return request.error();
    if (auto refusal = judgeOwnKey(planner, request->key_digest)) return refusal;
    if (auto refusal = judgeKey(planner.content.revoked_keys, *id, request->key_digest)) return refusal;
    auto key = ownAuthorityKey(planner);
    if (!key) return key.error();
    const auto authority = factsOfDer(own->second.der);
    if (!authority) return authority.error();
    // A little before now, for clocks that lag; never longer than the authority itself.
    const Instant from = planner.context.now - std::chrono::minutes(5);
    const Instant until = std::min(from + std::chrono::days(days), authority->not_after);
    if (until <= planner.context.now)
        return refused("certificate_expired", authority->subject, "", "our own authority has expired",
                       "move authorities/own and keys/ca.key away, then: caseway cert ca init");
    if (until < from + std::chrono::days(days)) planner.warn("cut to the life of the authority itself");
    const std::string der =
        issueCertificate(*request, id->department(), id->system(), {from, until}, own->second.der, *key);
    const auto facts = factsOfDer(der);
    if (!facts) return facts.error();
    if (auto taken = judgeOwner(planner.content, *id, *facts)) {
        taken->where = "request";  // nobody has seen the certificate
        taken->value = request->subject;
        return taken;
    }
    if (auto unfit = judgeIssued(planner, der)) return unfit;
    tellFormerOwner(planner, *id, *facts);
    if (request->subject != facts->subject)
        planner.warn(
            fmt::format("the request calls itself {}, the certificate says {}", request->subject, facts->subject));
    if (!planner.content.systems.contains(*id))
        planner.warn(fmt::format("{} is not registered yet: caseway system add {} --mapping NAME --cert FILE",
                                 id->text(), id->text()));
    const std::string pem = pemOfCertificate(der);
    planner.after[fmt::format("authorities/{}/issued/{}.pem", kOwnAuthority, facts->serial)] = pem;
    planner.change.made = {{"certificate", pem},
                           {"serial", facts->serial},
                           {"key_id", facts->id.text()},
                           {"not_after", toRfc3339(facts->not_after)}};
    return std::nullopt;
}

/// The issued certificate that a serial number or key id begins with.
const std::string* issuedFile(const Planner& planner, const std::string& wanted, CertificateFacts& facts) {
    const std::string folder = fmt::format("authorities/{}/issued/", kOwnAuthority);
    for (auto at = planner.tree.lower_bound(folder); at != planner.tree.end() && at->first.starts_with(folder); ++at) {
        auto read = factsOfPem(at->second);
        if (!read || wanted.size() < 8) continue;
        if (!read->serial.starts_with(wanted) && !read->id.text().starts_with(wanted)) continue;
        facts = std::move(*read);
        return &at->first;
    }
    return nullptr;
}

/// As openssl and browsers write a serial number or a fingerprint: capitals, colons, 0x.
std::string plainHex(std::string_view written) {
    std::string plain = lowerCase(written);
    if (plain.starts_with("0x")) plain.erase(0, 2);
    std::erase(plain, ':');
    return plain;
}

Planned revoke(Planner& planner) {
    const std::string wanted = plainHex(planner.operation.text("serial"));
    const auto own = planner.content.authorities.find(std::string(kOwnAuthority));
    if (own == planner.content.authorities.end())
        return refused("authority_missing", "authority", "", "an authority of our own", "caseway cert ca init");
    CertificateFacts facts;
    if (issuedFile(planner, wanted, facts) == nullptr)
        return refused("certificate_unknown", "serial", wanted,
                       "a serial number or key id, or its first 8 digits, that our own authority issued",
                       "caseway cert list; of an outside authority: hand in its list, caseway cert ca crl NAME FILE");
    planner.change.subject = facts.serial;
    RevocationList list;
    if (!own->second.list_pem.empty()) {
        auto former = RevocationList::fromPem(own->second.list_pem, own->second.der);
        if (!former) return former.error();
        list = std::move(*former);
    }
    if (list.find(facts.serial) != nullptr) return std::nullopt;
    list.revoked.push_back({facts.serial, planner.context.now});
    if (auto refusal = signOwnList(planner, std::move(list))) return refusal;
    planner.change.made = {{"serial", facts.serial}, {"key_id", facts.id.text()}};
    tellOwner(planner, facts);
    return std::nullopt;
}

}  // namespace

std::optional<Refusal> judgeOwnKey(const Planner& planner, const std::string& key_digest) {
    const auto taken = [](const std::string& whose) {
        return refused("key_taken", "certificate", whose, "its key is that of " + whose + ", not a system's",
                       "give the certificate of the system's own key: caseway cert request");
    };
    const auto own = planner.context.own_keys.find(key_digest);
    if (own != planner.context.own_keys.end()) return taken(own->second);
    for (const auto& [name, authority] : planner.content.authorities)
        if (const auto facts = factsOfDer(authority.der); facts && facts->key_digest == key_digest)
            return taken("the authority " + name);
    return std::nullopt;
}

void tellFormerOwner(Planner& planner, const SystemId& system, const CertificateFacts& facts) {
    const auto former = planner.context.key_owners.find(facts.key_digest);
    if (former != planner.context.key_owners.end() && former->second != system.text())
        planner.warn(
            fmt::format("its key was registered for {0} before: what it signed then stays that one's in the "
                        "log, and whoever has it could sign as {1} now; better a new key: caseway cert "
                        "request --system {1}",
                        former->second, system.text()));
    const std::string folder = fmt::format("authorities/{}/issued/", kOwnAuthority);
    const std::string subject = fmt::format("CN={},O={}", system.system(), system.department());
    for (auto at = planner.tree.lower_bound(folder); at != planner.tree.end() && at->first.starts_with(folder); ++at) {
        const auto issued = factsOfPem(at->second);
        if (!issued || issued->key_digest != facts.key_digest || issued->subject == subject) continue;
        planner.warn(
            fmt::format("its key was certified for another system, {} (serial {}): whoever has it could sign "
                        "as that one, and what it signed there stays so in the log; better a new key: caseway "
                        "cert request --system {}",
                        issued->subject, issued->serial, system.text()));
    }
}

Planned putCertificate(Planner& planner, const SystemId& system, const std::string& pem) {
    if (pem.find("PRIVATE KEY") != std::string::npos)
        return refused("private_key_given", "certificate", "", "a certificate, never a private key",
                       "treat the key as disclosed: make a new one, and hand over its certificate only");
    const auto certificate = Certificate::fromPem(pem);
    if (!certificate) return certificate.error();
    const auto facts = factsOfDer((*certificate)->der());
    if (!facts) return facts.error();
    if (auto refusal = judgeOwnKey(planner, facts->key_digest)) return refusal;
    if (auto refusal = judgeOwner(planner.content, system, *facts)) return refusal;
    if (auto refusal = judgeKey(planner.content.revoked_keys, system, facts->key_digest)) return refusal;
    if (auto refusal = judgeSubject(planner.content, (*certificate)->der(), system)) return refusal;
    if (auto refusal = judgeChain(planner.content, (*certificate)->der(), planner.context.now,
                                  [&planner](std::string text) { planner.warn(std::move(text)); }))
        return refusal;
    tellFormerOwner(planner, system, *facts);
    planner.change.made.insert({{"key_id", facts->id.text()}, {"not_after", toRfc3339(facts->not_after)}});
    const auto known = planner.content.systems.find(system);
    if (known != planner.content.systems.end())
        for (const RegisteredCertificate& other : known->second.certificates)
            if (other.id == facts->id) return std::nullopt;  // it is there
    planner.after[fmt::format("systems/{}/{}.pem", system.text(), facts->id.text().substr(0, 16))] =
        pemOfCertificate((*certificate)->der());
    return std::nullopt;
}

Planned planCertificate(Planner& planner) {
    planner.change.subject = planner.operation.text("system");
    const std::string_view name = planner.operation.kind->name;
    if (name == "certificate.add") return addCertificate(planner);
    if (name == "certificate.remove") return removeCertificate(planner);
    return name == "certificate.issue" ? issue(planner) : revoke(planner);
}

}  // namespace caseway
