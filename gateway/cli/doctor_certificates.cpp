// gateway/cli/doctor_certificates.cpp - what ends, what is revoked, what anybody may have signed.
#include "gateway/cli/doctor_checks.hpp"

#include <fmt/format.h>

#include "gateway/adapters/files/key_file.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/formats/crypto/certificate.hpp"
#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/crypto/certificate_request.hpp"
#include "gateway/formats/crypto/chain_end.hpp"
#include "gateway/formats/crypto/private_key.hpp"
#include "gateway/formats/register/read_register.hpp"
#include "gateway/ports/clock.hpp"
#include "gateway/register/register_view.hpp"

namespace caseway {
namespace {

void checkCertificate(Diagnosis& diagnosis, const std::string& name, const Certificate& certificate, Instant now) {
    const auto left = std::chrono::duration_cast<std::chrono::days>(certificate.notAfter() - now).count();
    const std::string what = fmt::format("{}: certificate good until {}", name, toRfc3339(certificate.notAfter()));
    if (left < 0)
        diagnosis.bad(fmt::format("{}: certificate expired at {}", name, toRfc3339(certificate.notAfter())),
                      "put its successor beside it and reload");
    else if (left <= 30)
        diagnosis.warn(what + fmt::format(" ({} days left)", left),
                       "put its successor beside it now; both are good meanwhile");
    else
        diagnosis.good(what);
}

/// A chain that was copied up to the end of its first block loads, and clients that lack the others refuse the gateway.
void checkChainEnd(Diagnosis& diagnosis, const Settings& settings, const std::string& pem) {
    std::vector<std::string> authorities;
    for (const auto& [name, authority] : readInstalledRegister(settings).authorities)
        authorities.push_back(authority.der);
    const auto end = openChainEnd(pem, authorities);
    if (!end) return;
    diagnosis.warn(
        fmt::format("server: {} holds {} and none of {}, which issued the last one and is not trusted here",
                    settings.tls_certificate, counted(end->certificates, "certificate"), end->issuer),
        "put the certificates of the authorities between behind it in that file, and reload; where that is the root "
        "itself and all clients have it, nothing is missing");
}

/// The gateway does not start with a key of another certificate.
void checkServerKey(Diagnosis& diagnosis, const Settings& settings, const Certificate& certificate) {
    const auto key = PrivateKey::fromPem(readFile(settings.path(settings.tls_key)));
    if (!key) return diagnosis.bad("server key: " + key.error().rule, key.error().hint);
    const SignatureAlgorithm algorithm = usualAlgorithm(key->kind());
    const ByteView text = bytesOf("caseway doctor");
    if (key->kind() != certificate.key().kind() ||
        !certificate.key().verify(algorithm, text, bytesOf(key->sign(algorithm, text))))
        diagnosis.bad(
            fmt::format("server key: {} is not the key of {}: the gateway does not start", settings.tls_key,
                        settings.tls_certificate),
            "put the pair there that was made together; of certificates and keys tells caseway cert doctor FILE...");
}

/// What follows for the messages under the certificates that it issued: the setting says so.
void checkAuthority(Diagnosis& diagnosis, const Expiry& authority, bool refuses, Instant now) {
    const std::string rest = authority.certificates == 1
                                 ? "1 registered certificate rests on it"
                                 : fmt::format("{} registered certificates rest on it", authority.certificates);
    if (authority.revoked_at)
        return diagnosis.bad(fmt::format("{}: revoked at {}; {}: nothing under them is taken", authority.whose,
                                         toRfc3339(*authority.revoked_at), rest),
                             "caseway cert list tells whose; put certificates of a good authority beside them");
    const std::string at = toRfc3339(authority.at);
    const std::string then = authority.certificates == 0
                                 ? "nothing rests on it"
                                 : fmt::format(
                                       "{}: their messages are {} (register."
                                       "expired_authorities = {})",
                                       rest, refuses ? "refused" : "taken still", refuses ? "refuse" : "accept");
    const auto within = warningDays(authority, now);
    const std::string hint = authority.whose.ends_with(" own")
                                 ? "move authorities/own and keys/ca.key away, then: caseway cert ca init"
                                 : "ask it for its new certificate, then: caseway cert ca add NAME FILE";
    if (!within)
        diagnosis.good(fmt::format("{}: certificate good until {}", authority.whose, at));
    else if (*within == 0 && (refuses || authority.certificates == 0))
        diagnosis.bad(fmt::format("{}: expired at {}, nothing is registered under it; {}", authority.whose, at, then),
                      hint);
    else if (*within == 0)
        diagnosis.warn(fmt::format("{}: expired at {}, nothing is registered under it; {}", authority.whose, at, then),
                       hint);
    else
        diagnosis.warn(fmt::format("{}: certificate good until {}, less than {} days; from then on {}", authority.whose,
                                   at, *within == 1 ? "2" : std::to_string(*within), then),
                       hint);
}

/// From when on a system is heard of which no certificate is valid now; nothing where one is, or none is to come.
std::optional<Instant> beginOf(const RegisterContent& content, const Expiry& expiry, Instant now) {
    const auto id = SystemId::parse(expiry.whose);
    const auto system = id ? content.systems.find(*id) : content.systems.end();
    if (system == content.systems.end()) return std::nullopt;
    std::optional<Instant> begin;
    for (const RegisteredCertificate& certificate : system->second.certificates) {
        const auto facts = factsOfDer(certificate.der);
        if (!facts || certificate.revoked_at || facts->not_after < now) continue;
        if (facts->not_before <= now) return std::nullopt;
        if (!begin || facts->not_before < *begin) begin = facts->not_before;
    }
    return begin;
}

}  // namespace

void checkOwnAuthority(Diagnosis& diagnosis, const RegisterContent& content, const Settings& settings) {
    const auto own = content.authorities.find(std::string(kOwnAuthority));
    if (own == content.authorities.end()) return;
    const std::filesystem::path file = settings.data / "keys" / "ca.key";
    if (!std::filesystem::exists(file))
        return diagnosis.warn(
            "authority own: its key, keys/ca.key, is not here: nothing can be issued or revoked, and its list ends",
            "put it back from where it is kept; where it is kept elsewhere on purpose, nothing is missing");
    diagnosis.run("authority own", [&] {
        const auto facts = factsOfDer(own->second.der);
        if (facts && keyDigestOf(readPrivateKey(file)) != facts->key_digest)
            diagnosis.bad(
                "authority own: keys/ca.key is not the key of authorities/own/ca.pem: nothing can be issued or revoked",
                "put it back: keys/ca.key as it was made with that certificate, from where it is kept");
    });
}

void checkServerCertificate(Diagnosis& diagnosis, const Settings& settings) {
    const std::string pem = readFile(settings.path(settings.tls_certificate));
    const auto certificate = Certificate::fromPem(pem);
    if (!certificate) return diagnosis.bad("server certificate: " + certificate.error().rule, certificate.error().hint);
    checkCertificate(diagnosis, "server", **certificate, SystemClock().now());
    checkServerKey(diagnosis, settings, **certificate);
    checkChainEnd(diagnosis, settings, pem);
}

void checkExpiries(Diagnosis& diagnosis, const RegisterContent& content, bool refuses_expired, Instant now) {
    for (const Expiry& expiry : expiriesOf(content)) {
        if (expiry.isOfAuthority()) {
            checkAuthority(diagnosis, expiry, refuses_expired, now);
            continue;
        }
        const auto within = warningDays(expiry, now);
        const std::string at = toRfc3339(expiry.at);
        if (const auto begin = beginOf(content, expiry, now)) {
            diagnosis.bad(fmt::format("{}: no certificate of it is valid now; the next not before {}: nothing that it "
                                      "sends is taken until then",
                                      expiry.whose, toRfc3339(*begin)),
                          "caseway cert add " + expiry.whose + " FILE puts one beside it that is valid today");
            continue;
        }
        if (expiry.whose.starts_with("revocation list ")) {
            const std::string hint = "caseway cert ca crl NAME FILE; our own is signed anew by caseway cert ca crl own";
            if (within)
                diagnosis.warn(fmt::format("{}: to be renewed by {}", expiry.whose, at), hint);
            else
                diagnosis.good(fmt::format("{}: good until {}", expiry.whose, at));
            continue;
        }
        if (!within)
            diagnosis.good(fmt::format("{}: certificate good until {}", expiry.whose, at));
        else if (*within == 0)
            diagnosis.bad(fmt::format("{}: certificate expired at {}", expiry.whose, at),
                          "caseway cert request, issue, add: its messages are refused meanwhile");
        else
            diagnosis.warn(fmt::format("{}: certificate good until {}, less than {} days", expiry.whose, at,
                                       *within == 1 ? "2" : std::to_string(*within)),
                           "caseway cert add SYSTEM FILE puts its successor beside it; both are good meanwhile");
    }
}

void checkForgeableKeys(Diagnosis& diagnosis, const RegisterContent& content) {
    for (const auto& [id, entry] : content.systems)
        for (const RegisteredCertificate& certificate : entry.certificates)
            if (const std::string why = whyKeyForgeable(certificate.der); !why.empty())
                diagnosis.bad(fmt::format("{}: certificate {}: {}; nothing that it signs is taken", id.text(),
                                          certificate.id.text().substr(0, 16), why),
                              fmt::format("caseway cert remove {} {}; what it signed until now anybody may have signed",
                                          id.text(), certificate.id.text().substr(0, 16)));
    for (const auto& [name, authority] : content.authorities)
        if (const std::string why = whyKeyForgeable(authority.der); !why.empty())
            diagnosis.bad("authority " + name + ": " + why,
                          "check each certificate under it with its owner, then: caseway cert ca remove " + name);
}

}  // namespace caseway
