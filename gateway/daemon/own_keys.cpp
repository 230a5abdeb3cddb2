// gateway/daemon/own_keys.cpp - facts of the server's certificate.
#include "gateway/daemon/own_keys.hpp"

#include <fstream>
#include <iterator>

#include "gateway/formats/crypto/certificate_facts.hpp"

namespace caseway {
namespace {

Result<CertificateFacts> factsOfFile(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    const std::string pem((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    return factsOfPem(pem);
}

}  // namespace

KeyOwners ownKeysOf(const Settings& settings) {
    const auto facts = factsOfFile(settings.path(settings.tls_certificate));
    return facts ? KeyOwners{{facts->key_digest, "the gateway's own server"}} : KeyOwners();
}

std::optional<Expiry> serverExpiry(const std::filesystem::path& file) {
    const auto facts = factsOfFile(file);
    if (!facts) return std::nullopt;
    return Expiry{"server", facts->id.text(), facts->not_after};
}

}  // namespace caseway
