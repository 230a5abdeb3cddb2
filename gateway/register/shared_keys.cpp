// gateway/register/shared_keys.cpp - every certificate beside every authority.
#include "gateway/register/shared_keys.hpp"

#include <fmt/format.h>

#include <map>

#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/register/read_register.hpp"

namespace caseway {
namespace {

struct Holder {
    const RegisteredAuthority* authority;
    std::string key_digest;
};

Refusal shared(const char* code, const std::string& where, const std::string& value, std::string rule,
               std::string hint) {
    return {code, where, value, std::move(rule), std::move(hint), {}};
}

/// How an authority goes; our own stays.
std::string removalOf(const std::string& authority) {
    return authority == kOwnAuthority ? "move authorities/own and keys/ca.key away"
                                      : "caseway cert ca remove " + authority;
}

/// Of two authorities; nothing where each is one of its own.
std::optional<Refusal> twinOf(const Holder& one, const Holder& other) {
    const bool is_own = one.authority->name == kOwnAuthority || other.authority->name == kOwnAuthority;
    const bool is_same = one.authority->der == other.authority->der;
    if (!is_same && !(is_own && one.key_digest == other.key_digest)) return std::nullopt;
    const bool is_first_own = one.authority->name == kOwnAuthority;
    const std::string& name = is_first_own ? other.authority->name : one.authority->name;
    const std::string& known = is_first_own ? one.authority->name : other.authority->name;
    return shared(is_same ? "certificate_taken" : "key_taken", "authority " + name, known,
                  fmt::format("{} is that of the authority {} already", is_same ? "its certificate" : "its key", known),
                  fmt::format("one authority has one name here; leave {0} out, or where it stands already: {1}", name,
                              removalOf(name)));
}

}  // namespace

std::vector<Refusal> sharedKeys(const RegisterContent& content) {
    std::vector<Refusal> found;
    std::vector<Holder> holders;
    std::map<std::string, std::string> names;  // of authorities, by the digests of their keys
    for (const auto& [name, authority] : content.authorities) {
        const auto facts = factsOfDer(authority.der);
        if (!facts) continue;
        const Holder holder{&authority, facts->key_digest};
        for (const Holder& other : holders)
            if (auto twin = twinOf(holder, other)) found.push_back(*std::move(twin));
        holders.push_back(holder);
        names.emplace(facts->key_digest, name);
    }
    if (names.empty()) return found;
    for (const auto& [id, entry] : content.systems)
        for (const RegisteredCertificate& certificate : entry.certificates) {
            const auto facts = factsOfDer(certificate.der);
            const auto holder = facts ? names.find(facts->key_digest) : names.end();
            if (holder == names.end()) continue;
            found.push_back(shared(
                "key_taken", "authority " + holder->second, id.text(),
                fmt::format("its key is bound to {}, which could issue certificates for others and revoke them",
                            id.text()),
                fmt::format("a system has a key of its own, which is no authority's; release it first: caseway cert "
                            "remove {} {}; or, where it is no authority: {}",
                            id.text(), certificate.id.text().substr(0, 16), removalOf(holder->second))));
        }
    return found;
}

}  // namespace caseway
