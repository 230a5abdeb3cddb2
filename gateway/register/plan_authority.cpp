// gateway/register/plan_authority.cpp - certificate authorities: our own, and outside ones that are trusted here; and
// whole sets of files.
#include <fmt/format.h>

#include <algorithm>

#include "gateway/formats/crypto/certificate_request.hpp"
#include "gateway/formats/crypto/issue_certificate.hpp"
#include "gateway/formats/register/department_rules.hpp"
#include "gateway/formats/register/read_register.hpp"
#include "gateway/register/judge_certificate.hpp"
#include "gateway/register/planner.hpp"

namespace caseway {
namespace {

constexpr int kAuthorityDays = 3650;
constexpr auto kListDays = std::chrono::days(30);

Refusal refused(std::string code, std::string where, std::string value, std::string rule, std::string hint) {
    return Refusal{std::move(code), std::move(where), std::move(value), std::move(rule), std::move(hint), {}};
}

std::string fileOf(std::string_view authority) {
    return fmt::format("authorities/{}/ca.pem", authority);
}

Planned init(Planner& planner) {
    planner.change.subject = kOwnAuthority;
    if (planner.content.authorities.contains(std::string(kOwnAuthority))) {  // nothing to do, where its key is here
        const auto key = ownAuthorityKey(planner);
        return key ? std::nullopt : Planned(key.error());
    }
    std::string kind_name = planner.operation.text("kind");
    const auto kind = keyKindNamed(kind_name.empty() ? "P-256" : kind_name);
    if (!kind)
        return refused("member_unknown", "kind", kind_name, "P-256, RSA, Ed25519 or SM2", "P-256 serves everybody");
    auto key = planner.context.authority_key(kind);
    if (!key) return key.error();
    const Instant from = planner.context.now - std::chrono::minutes(5);
    std::string name = planner.operation.text("name");
    if (name.empty()) name = "Caseway development authority";
    if (name.size() > 60) return refused("member_unknown", "name", name, "at most 60 bytes", "choose a shorter name");
    const std::string der = makeAuthority(*key, name, {from, from + std::chrono::days(kAuthorityDays)});
    planner.after[fileOf(kOwnAuthority)] = pemOfCertificate(der);
    planner.change.made = {{"certificate", pemOfCertificate(der)}};
    return std::nullopt;
}

Planned judgeForgotten(const Planner& planner, const std::string& authority) {
    const auto after = readRegister(planner.after);
    return after ? judgeForgotten(planner.content, *after, authority) : std::nullopt;  // what is no register is told
}

/// Whose messages are refused from now on, by a list that names an authority.
void tellHit(Planner& planner) {
    const auto after = readRegister(planner.after);
    if (!after) return;
    for (const auto& [name, authority] : after->authorities) {
        if (!authority.revoked_at || planner.content.authorities.at(name).revoked_at) continue;
        std::string systems;
        for (const auto& [id, entry] : after->systems)
            if (std::any_of(entry.certificates.begin(), entry.certificates.end(),
                            [&name = name](const auto& one) { return one.issuer && one.issuer->authority == name; }))
                systems += (systems.empty() ? "" : ", ") + id.text();
        planner.warn("the authority " + name + " is revoked" +
                     (systems.empty() ? "; no registered certificate is its"
                                      : "; nothing under its certificates is taken from now on: " + systems));
    }
}

/// Under a name that is taken: a renewed certificate of that authority, over the same key. Whoever puts another one
/// there would have all that the former issued refused, and its list with it.
Planned judgeSuccessor(const RegisteredAuthority& known, const std::string& der, const Warn& warn) {
    if (known.der == der) return std::nullopt;
    const auto was = factsOfDer(known.der), is = factsOfDer(der);
    if (!was || !is) return std::nullopt;  // what cannot be read is told next
    if (was->key_digest != is->key_digest)
        return refused("authority_known", "authority", known.name,
                       fmt::format("it is the name of another authority, {}, key id {}", was->subject,
                                   was->id.text().substr(0, 16)),
                       fmt::format("register it under a name of its own: caseway cert ca add OTHER-NAME FILE; to trust "
                                   "the former no longer: caseway cert ca remove {}",
                                   known.name));
    warn(fmt::format("it replaces the certificate {} of {}, good until {}, over the same key",
                     was->id.text().substr(0, 16), was->subject, toRfc3339(was->not_after)));
    return std::nullopt;
}

Planned add(Planner& planner) {
    const std::string name = planner.operation.text("authority");
    if (!isShortName(name) || name == kOwnAuthority)
        return refused("authority_name_bad", "authority", name, "a-z, 0-9, _ and -, and not \"own\"",
                       "choose a short name such as province");
    const std::string pem = planner.operation.text("certificate");
    const auto blocks = certificatesOfPem(pem);
    if (!blocks) return blocks.error();
    if (blocks->size() != 1)
        return refused("certificate_not_good", "certificate", fmt::format("{} certificates", blocks->size()),
                       "one authority a file", "register each under a name of its own");
    const auto warn = [&planner](std::string text) { planner.warn(std::move(text)); };
    const auto known = planner.content.authorities.find(name);
    if (known != planner.content.authorities.end())
        if (auto refusal = judgeSuccessor(known->second, blocks->front(), warn)) return refusal;
    if (auto refusal = judgeAuthority(planner.content, blocks->front(), planner.context.now, warn)) return refusal;
    planner.after[fileOf(name)] = pemOfCertificate(blocks->front());
    return judgeForgotten(planner, name);
}

Result<const RegisteredAuthority*> authorityOf(const Planner& planner) {
    const std::string name = planner.operation.text("authority");
    const auto found = planner.content.authorities.find(name);
    if (found == planner.content.authorities.end())
        return refused("authority_unknown", "authority", name, "a registered authority", "caseway cert ca list");
    return &found->second;
}

Planned removeAuthority(Planner& planner) {
    const auto authority = authorityOf(planner);
    if (!authority) return authority.error();
    if ((*authority)->name == kOwnAuthority)
        return refused("authority_name_bad", "authority", (*authority)->name, "our own authority stays",
                       "its certificates name it; it expires by itself");
    const std::string folder = "authorities/" + (*authority)->name + "/";
    std::erase_if(planner.after, [&](const auto& file) { return file.first.starts_with(folder); });
    planner.warn("certificates that it issued and that are registered stay registered: caseway cert list");
    return judgeForgotten(planner, (*authority)->name);
}

Planned replaceList(Planner& planner) {
    const auto authority = authorityOf(planner);
    if (!authority) return authority.error();
    const std::string pem = planner.operation.text("list");
    const auto warn = [&planner](std::string text) { planner.warn(std::move(text)); };
    if (auto refusal = judgeList(**authority, pem, (*authority)->list_pem, planner.context.now, warn)) return refusal;
    planner.after["authorities/" + (*authority)->name + "/crl.pem"] = pem;
    tellHit(planner);
    return std::nullopt;
}

/// The list that `revoke` made, or an empty one, before its 30 days are over: nobody else can sign it.
Planned renewOwnList(Planner& planner) {
    planner.change.subject = kOwnAuthority;
    const auto own = planner.content.authorities.find(std::string(kOwnAuthority));
    if (own == planner.content.authorities.end())
        return refused("authority_missing", "authority", "", "an authority of our own", "caseway cert ca init");
    RevocationList list;
    if (!own->second.list_pem.empty()) {
        auto former = RevocationList::fromPem(own->second.list_pem, own->second.der);
        if (!former) return former.error();
        list = std::move(*former);
    }
    return signOwnList(planner, std::move(list));
}

}  // namespace

Result<PrivateKey> ownAuthorityKey(const Planner& planner) {
    auto key = planner.context.authority_key(std::nullopt);
    if (!key) return key;
    const auto facts = factsOfDer(planner.content.authorities.at(std::string(kOwnAuthority)).der);
    if (!facts) return facts.error();
    if (keyDigestOf(*key) == facts->key_digest) return key;
    return refused("key_mismatch", "authority", std::string(kOwnAuthority),
                   "keys/ca.key is not the key of authorities/own/ca.pem",
                   "put it back: keys/ca.key as it was made with that certificate, from where it is kept");
}

Planned signOwnList(Planner& planner, RevocationList list) {
    list.this_update = planner.context.now;
    list.next_update = planner.context.now + kListDays;
    ++list.number;
    auto key = ownAuthorityKey(planner);
    if (!key) return key.error();
    planner.after[fmt::format("authorities/{}/crl.pem", kOwnAuthority)] =
        makeRevocationList(list, planner.content.authorities.at(std::string(kOwnAuthority)).der, *key);
    return std::nullopt;
}

Planned planAuthority(Planner& planner) {
    const std::string_view name = planner.operation.kind->name;
    planner.change.subject = planner.operation.text("authority");
    if (name == "authority.init") return init(planner);
    if (name == "authority.add") return add(planner);
    if (name == "authority.renew_list") return renewOwnList(planner);
    return name == "authority.remove" ? removeAuthority(planner) : replaceList(planner);
}

Planned planApply(Planner& planner) {
    planner.after.clear();
    for (const auto& [path, bytes] : planner.operation.files) {
        if (bytes.find("PRIVATE KEY") != std::string::npos)
            return refused("private_key_given", path, "", "no private key in an installation's files",
                           "take it away and treat it as disclosed");
        planner.after[path] = bytes;
    }
    keepOwnTests(planner);
    landUnproven(planner);
    planner.change.subject = fmt::format("{} files", differences(planner.tree, planner.after).size());
    return std::nullopt;
}

}  // namespace caseway
