// gateway/daemon/own_keys.cpp - digests of the server certificate's key.
#include "gateway/daemon/own_keys.hpp"

#include <fstream>
#include <iterator>

#include "gateway/formats/crypto/certificate_facts.hpp"

namespace caseway {

KeyOwners ownKeysOf(const Settings& settings) {
    KeyOwners keys;
    std::ifstream stream(settings.path(settings.tls_certificate), std::ios::binary);
    const std::string pem((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    const auto blocks = certificatesOfPem(pem);
    if (!blocks || blocks->empty()) return keys;
    if (const auto facts = factsOfDer(blocks->front())) keys.emplace(facts->key_digest, "the gateway's own server");
    return keys;
}

}  // namespace caseway
